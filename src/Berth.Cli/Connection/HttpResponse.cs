using System.Globalization;
using System.Net;

namespace Berth.Cli.Connection;

/// <summary>A response: its head was read, its body can be.</summary>
sealed class HttpResponse : IDisposable
{
    private readonly Dictionary<string, string> _headers;

    private HttpResponse(HttpStatusCode status, string reason, Dictionary<string, string> headers, HttpConnection connection, Stream body)
    {
        Status = status;
        Reason = reason;
        _headers = headers;
        Connection = connection;
        Body = body;
    }

    public HttpConnection Connection { get; }

    public HttpStatusCode Status { get; }

    public string Reason { get; }

    public Stream Body { get; }

    /// <summary>Another request can follow on the connection.</summary>
    public bool Reusable =>
        !Connection.Busy && !(Header("Connection") ?? "").Contains("close", StringComparison.OrdinalIgnoreCase);

    public bool Succeeded => (int)Status < 400;

    public string? Header(string name) => _headers.GetValueOrDefault(name);

    public static HttpResponse Parse(string head, HttpConnection connection, string method)
    {
        var lines = head.Split("\r\n");
        var status = lines[0].Split(' ', 3);
        if (status.Length < 2 || !status[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(status[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            throw new ConnectionException("the daemon's answer is not HTTP");
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers[line[..colon]] = line[(colon + 1)..].Trim();
            }
        }

        return new HttpResponse((HttpStatusCode)code, status.Length > 2 ? status[2] : "", headers, connection, Framing(code, headers, connection, method));
    }

    public byte[] ReadAll()
    {
        using var memory = new MemoryStream();
        Body.CopyTo(memory);
        return memory.ToArray();
    }

    /// <summary>Takes the connection for a raw stream in both directions.</summary>
    public HijackedStream Hijack() => new(Connection);

    /// <summary>Ends the use of the connection where the body was not read to its end.</summary>
    public void Dispose()
    {
        if (Connection.Busy)
        {
            Connection.Dispose();
        }
    }

    private static HttpBody Framing(int code, Dictionary<string, string> headers, HttpConnection connection, string method)
    {
        if (method == "HEAD" || code is 204 or 304)
        {
            return new LengthBody(connection, 0);
        }

        if (headers.TryGetValue("Transfer-Encoding", out var encoding) && encoding.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            return new ChunkedBody(connection);
        }

        return headers.TryGetValue("Content-Length", out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? new LengthBody(connection, length)
            : new UnendingBody(connection);
    }
}
