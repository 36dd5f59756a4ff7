using System.Buffers.Binary;
using System.Text;

namespace Kinetra.Build.Core.Tracing;

/// <summary>
/// Spans as OTLP in protobuf's binary form. The numbers of fields are those of <c>opentelemetry/proto/trace/v1/trace.proto</c>, 1.x, which are never changed.
/// </summary>
internal static class OtlpProtobuf
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;
    private const int Fixed32 = 5;

    /// <summary>The request for a batch.</summary>
    public static byte[] Encode(SpanBatch batch)
    {
        Message resource = new();
        AddAttributes(resource, 1, batch.Resource);

        Message scope = new();
        scope.Add(1, SpanBatch.Scope);
        scope.Add(2, batch.Version);

        Message scopeSpans = new();
        scopeSpans.Add(1, scope);
        foreach (Span span in batch.Spans)
        {
            scopeSpans.Add(2, MessageOf(span));
        }

        Message resourceSpans = new();
        resourceSpans.Add(1, resource);
        resourceSpans.Add(2, scopeSpans);

        Message request = new();
        request.Add(1, resourceSpans);
        return request.ToArray();
    }

    private static Message MessageOf(Span span)
    {
        Message message = new();
        message.Add(1, Convert.FromHexString(span.TraceId));
        message.Add(2, Convert.FromHexString(span.SpanId));
        if (span.State is not null)
        {
            message.Add(3, span.State);
        }

        if (span.ParentId is not null)
        {
            message.Add(4, Convert.FromHexString(span.ParentId));
        }

        message.Add(5, span.Name);
        message.AddVarint(6, (ulong)span.Kind);
        message.AddFixed64(7, (ulong)span.Start);
        message.AddFixed64(8, (ulong)span.End);
        AddAttributes(message, 9, span.Attributes);
        if (span.Error is not null)
        {
            Message status = new();
            status.Add(2, span.Error);
            status.AddVarint(3, 2);
            message.Add(15, status);
        }

        // Sampled.
        message.AddFixed32(16, 1);
        return message;
    }

    private static void AddAttributes(Message message, int field, IReadOnlyList<KeyValuePair<string, object>> attributes)
    {
        foreach ((string key, object value) in attributes)
        {
            Message any = new();
            switch (value)
            {
                case bool flag:
                    any.AddVarint(2, flag ? 1UL : 0);
                    break;
                case long number:
                    any.AddVarint(3, (ulong)number);
                    break;
                case double number:
                    any.AddFixed64(4, BitConverter.DoubleToUInt64Bits(number));
                    break;
                default:
                    any.Add(1, (string)value);
                    break;
            }

            Message attribute = new();
            attribute.Add(1, key);
            attribute.Add(2, any);
            message.Add(field, attribute);
        }
    }

    private sealed class Message
    {
        private readonly MemoryStream _content = new();

        public byte[] ToArray() => _content.ToArray();

        public void Add(int field, string text) => Add(field, Encoding.UTF8.GetBytes(text));

        public void Add(int field, Message message) => Add(field, message._content.GetBuffer().AsSpan(0, (int)message._content.Length));

        public void Add(int field, ReadOnlySpan<byte> bytes)
        {
            Tag(field, Bytes);
            Write((ulong)bytes.Length);
            _content.Write(bytes);
        }

        public void AddVarint(int field, ulong number)
        {
            Tag(field, Varint);
            Write(number);
        }

        public void AddFixed64(int field, ulong number)
        {
            Tag(field, Fixed64);
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
            _content.Write(bytes);
        }

        public void AddFixed32(int field, uint number)
        {
            Tag(field, Fixed32);
            Span<byte> bytes = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
            _content.Write(bytes);
        }

        private void Tag(int field, int type) => Write((ulong)((field << 3) | type));

        private void Write(ulong number)
        {
            for (; number >= 0x80; number >>= 7)
            {
                _content.WriteByte((byte)(number | 0x80));
            }

            _content.WriteByte((byte)number);
        }
    }
}
