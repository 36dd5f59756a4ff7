namespace Kinetra.Build.Core.History;

/// <summary>
/// Chance that is the same for the same seed, step and draw, whatever else is asked for, so that an estimate changes only because the run
/// goes on. The mixing is SplitMix64: G. L. Steele, D. Lea and C. H. Flood, Fast Splittable Pseudorandom Number Generators, 2014.
/// </summary>
/// <param name="seed">Any number.</param>
internal readonly struct Draws(int seed)
{
    /// <summary>A number more than 0 and less than 1, each as likely.</summary>
    public double Share(int step, int draw)
    {
        // Counted from 1, as the mixing leaves 0 as it is.
        ulong mixed = ((ulong)(uint)seed << 32) ^ (((ulong)(uint)step + 1) * 0x9E3779B97F4A7C15) ^ ((ulong)(uint)draw * 0xD1B54A32D192ED03);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        return ((mixed >> 11) + 0.5) / (1UL << 53);
    }
}
