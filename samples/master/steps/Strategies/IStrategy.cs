namespace Steps.Strategies;

/// <summary>A rule that says, from the closes so far, which position to hold next.</summary>
interface IStrategy
{
    /// <summary>The rule's name.</summary>
    string Name { get; }

    /// <summary>Its parameters, readable.</summary>
    string Parameters { get; }

    /// <summary>Closes it needs before its first opinion; until then it stays out.</summary>
    int WarmUp { get; }

    /// <summary>
    /// For each bar the position wanted after its close: 1 long, 0 out, −1 short. Element t uses closes 0…t only; the back-test
    /// trades it at the open of bar t + 1.
    /// </summary>
    int[] Signals(double[] closes);
}
