using System.Text;

namespace Kinetra.Build.Tool.Output;

/// <summary>Leaves out blanks at the ends of lines, which tables are filled up with.</summary>
/// <param name="to">Where the rest goes.</param>
internal sealed class TrimmingWriter(TextWriter to) : TextWriter
{
    private int _blanks;

    /// <inheritdoc/>
    public override Encoding Encoding => to.Encoding;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        if (value == ' ')
        {
            _blanks++;
            return;
        }

        if (value is not ('\n' or '\r'))
        {
            to.Write(new string(' ', _blanks));
        }

        _blanks = 0;
        to.Write(value);
    }

    /// <inheritdoc/>
    public override void Flush() => to.Flush();
}
