using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Kinetra.Build.Core.Processes;

/// <summary>A null-terminated array of C strings, as programs get their arguments and their environment, in one piece of memory.</summary>
internal sealed unsafe class StringVector : IDisposable
{
    // The variables that all steps share, in UTF-8: they are many, and the same for each. Kept as long as the dictionary.
    private static readonly ConditionalWeakTable<Dictionary<string, string>, Kept> Encoded = [];

    private byte** _pointer;

    private StringVector(byte** pointer) => _pointer = pointer;

    /// <summary>The array.</summary>
    public byte** Pointer => _pointer;

    /// <summary>Arguments.</summary>
    /// <param name="strings">The arguments.</param>
    public static StringVector Of(IReadOnlyList<string> strings)
    {
        int size = 0;
        for (int i = 0; i < strings.Count; i++)
        {
            size += Encoding.UTF8.GetByteCount(strings[i]) + 1;
        }

        StringVector vector = Allocate(strings.Count, size, out byte* at);
        byte* end = at + size;
        for (int i = 0; i < strings.Count; i++)
        {
            vector._pointer[i] = at;
            at = Append(at, end, strings[i], 0);
        }

        return vector;
    }

    /// <summary>Variables as <c>NAME=VALUE</c>. Of those that are layered the lower layer must outlive the vector.</summary>
    /// <param name="variables">The variables.</param>
    public static StringVector Of(IReadOnlyDictionary<string, string> variables)
    {
        if (variables is not LayeredVariables layered)
        {
            return Of(variables, [], null);
        }

        return Of(layered.Own, layered.Shared, Encoded.GetValue(layered.Shared, shared => new Kept(Of(shared, [], null))).Vector);
    }

    public void Dispose()
    {
        NativeMemory.Free(_pointer);
        _pointer = null;
    }

    // Those of the lower layer are only pointed at, but for those that are set anew.
    private static StringVector Of(IReadOnlyDictionary<string, string> variables, Dictionary<string, string> shared, StringVector? encoded)
    {
        int size = 0;
        foreach ((string name, string value) in variables)
        {
            size += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value) + 2;
        }

        StringVector vector = Allocate(variables.Count + shared.Count, size, out byte* at);
        byte* end = at + size;
        int count = 0;
        foreach ((string name, string value) in variables)
        {
            vector._pointer[count++] = at;
            at = Append(Append(at, end, name, (byte)'='), end, value, 0);
        }

        int i = 0;
        foreach (string name in shared.Keys)
        {
            byte* variable = encoded!._pointer[i++];
            if (!variables.ContainsKey(name))
            {
                vector._pointer[count++] = variable;
            }
        }

        vector._pointer[count] = null;
        return vector;
    }

    private static StringVector Allocate(int count, int size, out byte* strings)
    {
        byte** pointer = (byte**)NativeMemory.Alloc(((nuint)(count + 1) * (nuint)sizeof(byte*)) + (nuint)size);
        pointer[count] = null;
        strings = (byte*)(pointer + count + 1);
        return new StringVector(pointer);
    }

    private static byte* Append(byte* at, byte* end, string text, byte last)
    {
        at += Encoding.UTF8.GetBytes(text, new Span<byte>(at, (int)(end - at)));
        *at = last;
        return at + 1;
    }

    /// <summary>Frees a vector with the dictionary that it was made of.</summary>
    private sealed class Kept(StringVector vector)
    {
        ~Kept() => Vector.Dispose();

        public StringVector Vector { get; } = vector;
    }
}
