using Kinetra.Build.Core.Fingerprints;

namespace Kinetra.Build.Core.Steps;

/// <summary>The work of a step: what it is made of, and how it is done.</summary>
public interface IStepWork
{
    /// <summary>What the step is made of, for its fingerprint; asked before it begins.</summary>
    /// <param name="occurrence">Its number among the steps of its name.</param>
    /// <exception cref="KinetraException">It cannot be found out; the step fails.</exception>
    StepIdentity Identify(int occurrence);

    /// <summary>Replaces the step's secrets in a text that is kept or shown.</summary>
    /// <param name="text">The text.</param>
    string Mask(string text);

    /// <summary>Finds and asks the tools that it declares; called after <see cref="Identify"/>.</summary>
    ITools Tools { get; }

    /// <summary>Makes an attempt.</summary>
    /// <param name="attempt">Which one.</param>
    /// <exception cref="KinetraException">It could not be made; the step fails at once.</exception>
    AttemptResult Run(Attempt attempt);
}
