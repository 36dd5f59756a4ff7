namespace Kinetra.Build.Core.History;

/// <summary>The standard normal distribution.</summary>
internal static class NormalDistribution
{
    // P. J. Acklam, An algorithm for computing the inverse normal cumulative distribution function (2003): relative error 1.15e-9.
    private const double Low = 0.02425;
    private static readonly double[] A = [-3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02, 1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00];
    private static readonly double[] B = [-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02, 6.680131188771972e+01, -1.328068155288572e+01, 1];
    private static readonly double[] C = [-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00, -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00];
    private static readonly double[] D = [7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1];

    // W. H. Press and others, Numerical Recipes, section 6.2 (erfcc): relative error below 1.2e-7 everywhere, far out too.
    private static readonly double[] Erfc = [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223];

    /// <summary>How much of the distribution lies above a value.</summary>
    public static double Above(double value)
    {
        double x = Math.Abs(value) / Math.Sqrt(2);
        double t = 1 / (1 + (0.5 * x));
        double tail = 0.5 * t * Math.Exp((-x * x) + Polynomial(Erfc, t));
        return value >= 0 ? tail : 1 - tail;
    }

    /// <summary>The value that has this share of the distribution below it.</summary>
    /// <param name="share">More than 0, less than 1.</param>
    public static double Quantile(double share)
    {
        if (share == 0.5)
        {
            return 0;
        }

        if (share > 1 - Low)
        {
            return -Quantile(1 - share);
        }

        double q = share < Low ? Math.Sqrt(-2 * Math.Log(share)) : share - 0.5;
        return share < Low ? Polynomial(C, q) / Polynomial(D, q) : Polynomial(A, q * q) * q / Polynomial(B, q * q);
    }

    private static double Polynomial(double[] coefficients, double x)
    {
        double sum = 0;
        foreach (double coefficient in coefficients)
        {
            sum = (sum * x) + coefficient;
        }

        return sum;
    }
}
