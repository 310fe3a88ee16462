namespace Berth.Cli.Connection;

/// <summary>A connection after its upgrade: raw bytes in both directions, each of which ends by itself.</summary>
sealed class HijackedStream(HttpConnection connection) : IDisposable
{
    public int Read(Span<byte> buffer) => connection.Read(buffer);

    public void Write(ReadOnlySpan<byte> bytes) => connection.Write(bytes);

    public void CloseWrite() => connection.CloseWrite();

    public void Dispose() => connection.Dispose();
}
