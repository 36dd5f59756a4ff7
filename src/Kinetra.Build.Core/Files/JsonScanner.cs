using System.Text;
using System.Text.Json;

namespace Kinetra.Build.Core.Files;

/// <summary>
/// Reads JSON from its beginning to its end, each value once, without a tree of it. Unlike <see cref="Utf8JsonReader"/> it calls nothing
/// that has to be compiled in every build, which is where most of the time for a journal of ten thousand steps went. Anything that is no JSON
/// throws a <see cref="JsonException"/>, a number that is none of those asked for a <see cref="FormatException"/> or an <see cref="OverflowException"/>.
/// </summary>
internal ref struct JsonScanner
{
    private const int MostDepth = 64;
    private const int MicrosecondDigits = 6;

    private readonly ReadOnlyMemory<byte> _content;
    private readonly ReadOnlySpan<byte> _json;
    private int _position;
    private int _nameStart;
    private int _nameLength;
    private bool _isNamePlain;
    private bool _isBehindValue;

    /// <summary>Prepares to read.</summary>
    /// <param name="json">The JSON, UTF-8.</param>
    public JsonScanner(ReadOnlyMemory<byte> json)
    {
        _content = json;
        _json = json.Span;
    }

    /// <summary>Where the next value begins.</summary>
    public int Position
    {
        get
        {
            Peek();
            return _position;
        }
    }

    /// <summary>Whether the next value is an object.</summary>
    public bool IsObject => Peek() == '{';

    /// <summary>Whether the next value is an array.</summary>
    public bool IsArray => Peek() == '[';

    /// <summary>Whether the next value is a text.</summary>
    public bool IsText => Peek() == '"';

    /// <summary>The name of the property that <see cref="NextProperty"/> has found.</summary>
    public readonly string Name => Text(_nameStart, _nameLength, _isNamePlain);

    /// <summary>Enters an object.</summary>
    public void BeginObject() => Begin('{');

    /// <summary>Enters an array.</summary>
    public void BeginArray() => Begin('[');

    /// <summary>Goes to the next property of the object, whose value is to be read next.</summary>
    /// <returns>False if there is none, and the object has been left.</returns>
    public bool NextProperty()
    {
        if (!Next('}'))
        {
            return false;
        }

        ScanText(out _nameStart, out _nameLength, out _isNamePlain);
        Expect(':');
        return true;
    }

    /// <summary>Goes to the next item of the array, which is to be read next.</summary>
    /// <returns>False if there is none, and the array has been left.</returns>
    public bool NextItem() => Next(']');

    /// <summary>Whether the property has a name, which is compared as it is written.</summary>
    /// <param name="name">The name.</param>
    public readonly bool IsNamed(ReadOnlySpan<byte> name)
    {
        if (name.Length != _nameLength)
        {
            return false;
        }

        for (int i = 0; i < name.Length; i++)
        {
            if (_json[_nameStart + i] != name[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Reads a text, or null.</summary>
    /// <param name="like">What it most likely is: then it is this very string.</param>
    public string? ReadOptionalText(string? like = null) => IsNull() ? null : ReadText(like);

    /// <summary>Reads a text.</summary>
    /// <param name="like">What it most likely is: then it is this very string.</param>
    public string ReadText(string? like = null)
    {
        ScanText(out int start, out int length, out bool isPlain);
        return isPlain && like is not null && IsSame(start, length, like) ? like : Text(start, length, isPlain);
    }

    /// <summary>Reads a number that is an integer.</summary>
    public int ReadInt32() => checked((int)ReadInt64());

    /// <summary>Reads a number that is an integer.</summary>
    public long ReadInt64()
    {
        int start = Position;
        bool isWhole = ScanNumber();
        if (!isWhole)
        {
            throw new FormatException("this is no integer");
        }

        bool isNegative = _json[start] == '-';
        long value = 0;
        for (int i = isNegative ? start + 1 : start; i < _position; i++)
        {
            value = checked((value * 10) - (_json[i] - '0'));
        }

        return isNegative ? value : checked(-value);
    }

    /// <summary>Reads a time: seconds since 1970, as <see cref="ReadSeconds"/> does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such time.</exception>
    public DateTimeOffset ReadTime() => DateTimeOffset.UnixEpoch + ReadSeconds();

    /// <summary>Reads a number of seconds, to the microsecond.</summary>
    public TimeSpan ReadSeconds()
    {
        int start = Position;
        ScanNumber();
        return TryReadMicroseconds(_json[start.._position], out long microseconds)
            ? new TimeSpan(checked(microseconds * TimeSpan.TicksPerMicrosecond))
            : TimeSpan.FromMicroseconds(checked((long)Math.Round(Slow(start, _position).GetDouble() * 1e6)));
    }

    /// <summary>Reads a number of seconds, or null.</summary>
    public TimeSpan? ReadOptionalSeconds() => IsNull() ? null : ReadSeconds();

    /// <summary>Reads true or false.</summary>
    public bool ReadBoolean()
    {
        bool value = Peek() == 't';
        Literal(value ? "true"u8 : "false"u8);
        return value;
    }

    /// <summary>Whether the next value is null; then it is read.</summary>
    public bool IsNull()
    {
        if (Peek() != 'n')
        {
            return false;
        }

        Literal("null"u8);
        return true;
    }

    /// <summary>Passes over a value.</summary>
    /// <returns>The value, as it is written.</returns>
    public ReadOnlyMemory<byte> Skip()
    {
        int start = Position;
        Skip(0);
        return Since(start);
    }

    /// <summary>What was read since a place, as it is written.</summary>
    /// <param name="start">What <see cref="Position"/> was there.</param>
    public readonly ReadOnlyMemory<byte> Since(int start) => _content[start.._position];

    /// <summary>Makes sure that nothing comes behind what was read.</summary>
    public void End()
    {
        SkipBlanks();
        if (_position < _json.Length)
        {
            throw Bad();
        }
    }

    private void Skip(int depth)
    {
        switch (Peek())
        {
            case (byte)'{' when depth < MostDepth:
                BeginObject();
                while (NextProperty())
                {
                    Skip(depth + 1);
                }

                break;
            case (byte)'[' when depth < MostDepth:
                BeginArray();
                while (NextItem())
                {
                    Skip(depth + 1);
                }

                break;
            case (byte)'"':
                ScanText(out _, out _, out _);
                break;
            case (byte)'t' or (byte)'f':
                ReadBoolean();
                break;
            case (byte)'n':
                IsNull();
                break;
            default:
                ScanNumber();
                break;
        }
    }

    private void Begin(char open)
    {
        Expect(open);
        _isBehindValue = false;
    }

    private bool Next(char close)
    {
        byte next = Peek();
        if (next == close)
        {
            _position++;
            _isBehindValue = true;
            return false;
        }

        if (_isBehindValue)
        {
            Expect(',');
        }

        return true;
    }

    private void SkipBlanks()
    {
        while (_position < _json.Length && _json[_position] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _position++;
        }
    }

    private byte Peek()
    {
        SkipBlanks();
        return _position < _json.Length ? _json[_position] : throw Bad();
    }

    private void Expect(char what)
    {
        if (Peek() != what)
        {
            throw Bad();
        }

        _position++;
    }

    private void Literal(ReadOnlySpan<byte> literal)
    {
        for (int i = 0; i < literal.Length; i++)
        {
            if (_position + i >= _json.Length || _json[_position + i] != literal[i])
            {
                throw Bad();
            }
        }

        _position += literal.Length;
        _isBehindValue = true;
    }

    // Plain is what is written as it is: ASCII without an escape.
    private void ScanText(out int start, out int length, out bool isPlain)
    {
        Expect('"');
        start = _position;
        isPlain = true;
        ReadOnlySpan<byte> json = _json;
        int at = start;
        while (true)
        {
            if (at >= json.Length)
            {
                throw Bad();
            }

            byte one = json[at];
            if (one == '"')
            {
                break;
            }

            if (one < ' ')
            {
                throw Bad();
            }

            if (one == '\\')
            {
                isPlain = false;
                at = BehindEscape(at + 1);
                continue;
            }

            isPlain &= one < 0x80;
            at++;
        }

        length = at - start;
        _position = at + 1;
        _isBehindValue = true;
    }

    private readonly int BehindEscape(int at)
    {
        byte kind = at < _json.Length ? _json[at] : throw Bad();
        if (kind is (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t')
        {
            return at + 1;
        }

        for (int i = 1; i <= 4; i++)
        {
            if (kind != 'u' || at + i >= _json.Length || !char.IsAsciiHexDigit((char)_json[at + i]))
            {
                throw Bad();
            }
        }

        return at + 5;
    }

    // Whether it has neither decimals nor an exponent.
    private bool ScanNumber()
    {
        if (Peek() == '-')
        {
            _position++;
        }

        int start = _position;
        if (ScanDigits() > 1 && _json[start] == '0')
        {
            throw Bad();
        }

        bool isWhole = true;
        if (_position < _json.Length && _json[_position] == '.')
        {
            isWhole = false;
            _position++;
            ScanDigits();
        }

        if (_position < _json.Length && _json[_position] is (byte)'e' or (byte)'E')
        {
            isWhole = false;
            _position++;
            if (_position < _json.Length && _json[_position] is (byte)'+' or (byte)'-')
            {
                _position++;
            }

            ScanDigits();
        }

        _isBehindValue = true;
        return isWhole;
    }

    private int ScanDigits()
    {
        int start = _position;
        while (_position < _json.Length && _json[_position] is >= (byte)'0' and <= (byte)'9')
        {
            _position++;
        }

        return _position > start ? _position - start : throw Bad();
    }

    // As such a number is written as a rule: no sign, no exponent, and no more decimals than there are.
    private static bool TryReadMicroseconds(ReadOnlySpan<byte> number, out long value)
    {
        const int MostDigits = 18;
        value = 0;
        int decimals = -1;
        if (number.Length > MostDigits)
        {
            return false;
        }

        for (int i = 0; i < number.Length; i++)
        {
            if (number[i] is >= (byte)'0' and <= (byte)'9' && decimals < MicrosecondDigits)
            {
                value = (value * 10) + (number[i] - '0');
                decimals += decimals >= 0 ? 1 : 0;
            }
            else if (number[i] == '.')
            {
                decimals = 0;
            }
            else
            {
                return false;
            }
        }

        for (int i = Math.Max(decimals, 0); i < MicrosecondDigits; i++)
        {
            value = checked(value * 10);
        }

        return true;
    }

    private readonly bool IsSame(int start, int length, string text)
    {
        if (length != text.Length)
        {
            return false;
        }

        for (int i = 0; i < length; i++)
        {
            if (_json[start + i] != text[i])
            {
                return false;
            }
        }

        return true;
    }

    private readonly string Text(int start, int length, bool isPlain) =>
        isPlain ? Encoding.UTF8.GetString(_json.Slice(start, length)) : Slow(start - 1, start + length + 1).GetString()!;

    private readonly Utf8JsonReader Slow(int start, int end)
    {
        Utf8JsonReader reader = new(_json[start..end]);
        reader.Read();
        return reader;
    }

    private readonly JsonException Bad() => new($"at {_position} there is no JSON that is known");
}
