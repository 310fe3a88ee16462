using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>What the proxy does to one answer, counted in bytes from its first one.</summary>
public sealed record Fault
{
    public long CutAfter { get; init; } = long.MaxValue;

    public long StallAfter { get; init; } = long.MaxValue;

    public long CorruptAt { get; init; } = long.MaxValue;

    public int BytesPerSecond { get; init; } = int.MaxValue;

    /// <summary>From where on it is so slow.</summary>
    public long SlowAfter { get; init; }

    /// <summary>An answer in the place of the server's.</summary>
    public string? Answer { get; init; }

    /// <summary>A document, whatever the registry has.</summary>
    public static Fault Document(string mediaType, string content) =>
        new() { Answer = $"HTTP/1.1 200 OK\r\nContent-Type: {mediaType}\r\nContent-Length: {content.Length}\r\nConnection: close\r\n\r\n{content}" };

    /// <summary>An answer without content.</summary>
    public static Fault Status(string status, string headers = "") =>
        new() { Answer = $"HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n" };
}

/// <summary>Stands between an engine and a registry, notes each request, and does to the answers what a test asks for.</summary>
public sealed class FaultProxy : TestServer
{
    private const int BlockSize = 16 << 10;

    private readonly int _port;

    public FaultProxy(int port)
        : base(IPAddress.Loopback)
    {
        _port = port;
        Start();
    }

    /// <summary>Decides by the request's head; null: the answer passes as it is.</summary>
    public Func<string, Fault?> Decide { get; set; } = _ => null;

    /// <summary>The requests for the content of layers and configurations.</summary>
    public IReadOnlyList<string> Downloads => [.. Requests.Where(r => r.StartsWith("GET ", StringComparison.Ordinal) && r.Contains("/blobs/sha256:", StringComparison.Ordinal))];

    protected override async Task ServeAsync(TcpClient client)
    {
        var from = client.GetStream();
        if (await HttpHead.ReadAsync(from, End) is not { } head)
        {
            return;
        }

        Note(head);
        var fault = Decide(head) ?? new Fault();
        if (fault.Answer is { } answer)
        {
            await from.WriteAsync(Encoding.ASCII.GetBytes(answer), End);
            return;
        }

        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _port, End);
        var to = server.GetStream();
        await to.WriteAsync(Encoding.Latin1.GetBytes(head.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal)), End);
        var sending = from.CopyToAsync(to, End);
        await CopyAsync(to, from, fault);
        _ = sending.ContinueWith(t => t.Exception, TaskScheduler.Default);
    }

    private async Task CopyAsync(NetworkStream server, NetworkStream client, Fault fault)
    {
        const int PausesPerSecond = 10;
        var buffer = new byte[BlockSize];
        var slowBlock = Math.Clamp(fault.BytesPerSecond / PausesPerSecond, 1, BlockSize);
        long position = 0;
        while (true)
        {
            var isSlow = position >= fault.SlowAfter && fault.BytesPerSecond != int.MaxValue;
            var wanted = isSlow ? slowBlock : (int)Math.Min(BlockSize, position < fault.SlowAfter ? fault.SlowAfter - position : BlockSize);
            var count = await server.ReadAsync(buffer.AsMemory(0, wanted), End);
            if (count == 0)
            {
                return;
            }

            if (fault.CorruptAt >= position && fault.CorruptAt < position + count)
            {
                buffer[fault.CorruptAt - position] ^= 0x55;
            }

            var allowed = (int)Math.Min(count, Math.Min(fault.CutAfter, fault.StallAfter) - position);
            await client.WriteAsync(buffer.AsMemory(0, Math.Max(0, allowed)), End);
            position += count;
            if (position >= fault.StallAfter)
            {
                await Task.Delay(Timeout.Infinite, End);
            }

            if (position >= fault.CutAfter)
            {
                client.Socket.LingerState = new LingerOption(true, 0);
                return;
            }

            if (isSlow)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)count / fault.BytesPerSecond), End);
            }
        }
    }
}
