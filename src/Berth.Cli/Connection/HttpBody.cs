using System.Globalization;
using Berth.Archives.Streams;

namespace Berth.Cli.Connection;

/// <summary>The body of a response, read from its connection.</summary>
abstract class HttpBody(HttpConnection connection) : ReadOnlyStream
{
    protected HttpConnection Connection { get; } = connection;
}

/// <summary>A body whose length the response told.</summary>
sealed class LengthBody : HttpBody
{
    private long _left;

    public LengthBody(HttpConnection connection, long length)
        : base(connection)
    {
        _left = length;
        connection.Busy = length > 0;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_left == 0 || buffer.IsEmpty)
        {
            return 0;
        }

        var count = Connection.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= count > 0 ? count : throw new EndOfStreamException();
        Connection.Busy = _left > 0;
        return count;
    }
}

/// <summary>A body in chunks, each behind a line with its length.</summary>
sealed class ChunkedBody(HttpConnection connection) : HttpBody(connection)
{
    private long _left;
    private bool _ended;
    private bool _inside;

    public override int Read(Span<byte> buffer)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        if (_left == 0 && !NextChunk())
        {
            return 0;
        }

        var count = Connection.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= count > 0 ? count : throw new EndOfStreamException();
        return count;
    }

    private bool NextChunk()
    {
        if (_inside)
        {
            Connection.ReadLine();
        }

        var size = Connection.ReadLine().Split(';')[0].Trim();
        if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left) || _left < 0)
        {
            throw new ConnectionException("the daemon's answer is not HTTP");
        }

        _inside = true;
        if (_left > 0)
        {
            return true;
        }

        while (Connection.ReadLine().Length > 0)
        {
            // trailers
        }

        _ended = true;
        Connection.Busy = false;
        return false;
    }
}

/// <summary>A body that ends when the daemon closes the connection.</summary>
sealed class UnendingBody(HttpConnection connection) : HttpBody(connection)
{
    public override int Read(Span<byte> buffer) => Connection.Read(buffer);
}
