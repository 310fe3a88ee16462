using System.Buffers.Text;

namespace Berth.Archives.Tar;

/// <summary>What a PAX extended header says about the next entry (pax(1), "pax Extended Header").</summary>
internal sealed class PaxRecords
{
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<byte[], byte[]>> _attributes = [];
    private readonly List<SparseSegment> _segments = [];
    private long? _segmentOffset;

    public static PaxRecords None { get; } = new();

    /// <summary>Values of <c>SCHILY.xattr.NAME</c>: bytes, as in the file system (security.capability is binary).</summary>
    public IReadOnlyList<KeyValuePair<byte[], byte[]>> Attributes => _attributes;

    /// <summary>The map of GNU's sparse format 0.0, which repeats its records.</summary>
    public IReadOnlyList<SparseSegment> Segments => _segments;

    /// <summary>Reads records of the form <c>LENGTH KEY=VALUE\n</c>.</summary>
    public static PaxRecords Parse(ReadOnlySpan<byte> records)
    {
        var parsed = new PaxRecords();
        while (!records.IsEmpty)
        {
            if (!Utf8Parser.TryParse(records, out int length, out var digits)
                || digits >= records.Length || records[digits] != (byte)' '
                || length > records.Length || length < digits + 3 || records[length - 1] != (byte)'\n')
            {
                throw new TarException("invalid tar header");
            }

            var record = records[(digits + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
            {
                throw new TarException("invalid tar header");
            }

            parsed.Add(record[..equals], record[(equals + 1)..]);
            records = records[length..];
        }

        return parsed;
    }

    public byte[]? Get(string key) => _values.GetValueOrDefault(key);

    private void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var attribute = "SCHILY.xattr."u8;
        if (key.StartsWith(attribute))
        {
            _attributes.Add(new(key[attribute.Length..].ToArray(), value.ToArray()));
        }
        else if (key.SequenceEqual("GNU.sparse.offset"u8))
        {
            _segmentOffset = TarNumber.ParseDecimal(value);
        }
        else if (key.SequenceEqual("GNU.sparse.numbytes"u8))
        {
            _segments.Add(new SparseSegment(_segmentOffset ?? throw new TarException("invalid tar header"), TarNumber.ParseDecimal(value)));
            _segmentOffset = null;
        }
        else
        {
            // An empty value takes back what an earlier header said, which here is as if it had said nothing.
            _values[System.Text.Encoding.Latin1.GetString(key)] = value.ToArray();
        }
    }
}
