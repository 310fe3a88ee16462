using System.Net;
using System.Net.Sockets;
using System.Text;
using Berth.Images.Registry;
using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Images.Tests.Registry;

public sealed class RemoteBlobTests
{
    private static readonly byte[] _content = [.. Enumerable.Range(0, 1 << 20).Select(i => (byte)(i * 31))];

    [Fact]
    public async Task A_reader_who_takes_hours_is_no_fault_of_the_registry()
    {
        var clock = new ManualClock();
        await using var registry = new BlobServer((connection, from) => connection.Write(_content.AsSpan(from)));
        var read = await ReadAsync(registry, clock, _ => { }, () => clock.Advance(TimeSpan.FromHours(1)));
        Assert.Equal(_content, read);
        Assert.Equal([0], registry.Offsets);
    }

    [Fact]
    public async Task A_connection_that_trickles_is_opened_again_at_the_next_byte()
    {
        // Who looks at the clock twice finds that 5 seconds have passed: so long is each byte waited for.
        var clock = new ManualClock { Step = TimeSpan.FromSeconds(5) };
        using var came = new SemaphoreSlim(0);
        var connections = 0;
        await using var registry = new BlobServer((connection, from) =>
        {
            if (Interlocked.Increment(ref connections) > 1)
            {
                connection.Write(_content.AsSpan(from));
                return;
            }

            // Until the reader is gone.
            for (var i = from; i < _content.Length; i++)
            {
                connection.WriteByte(_content[i]);
                came.Wait(TimeSpan.FromMilliseconds(50));
            }
        });
        Assert.Equal(_content, await ReadAsync(registry, clock, _ => came.Release(), () => { }));
        Assert.Equal(2, registry.Offsets.Count);
        Assert.InRange(registry.Offsets[1], 1, _content.Length - 1);
    }

    private static async Task<byte[]> ReadAsync(BlobServer registry, ManualClock clock, Action<long> progress, Action pause)
    {
        using var client = new RegistryClient(new RegistrySettings { CertificateDirectories = [] }, clock);
        var target = new RegistryTarget(registry.Host, "a/b") { Scheme = "http" };
        var session = await client.OpenAsync(target, null, TestContext.Current.CancellationToken);
        var descriptor = new OciDescriptor { MediaType = MediaTypes.OciLayer, Digest = Digest.OfContent(_content), Size = _content.Length };
        return await Task.Factory.StartNew(
            () =>
            {
                using var blob = new RemoteBlob(session, descriptor, 0, progress, TestContext.Current.CancellationToken);
                var read = new MemoryStream();
                var buffer = new byte[16 << 10];
                while (blob.Read(buffer) is var count and > 0)
                {
                    read.Write(buffer, 0, count);
                    pause();
                }

                return read.ToArray();
            },
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Shows the time that a test says; timers run as ever.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        /// <summary>How much later it is each time that somebody looks.</summary>
        public TimeSpan Step { get; init; }

        public override long GetTimestamp() => Interlocked.Add(ref _now, Step.Ticks);

        public void Advance(TimeSpan time) => Interlocked.Add(ref _now, time.Ticks);
    }

    /// <summary>A registry with one blob, which a test writes from an offset on as it likes.</summary>
    private sealed class BlobServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Action<NetworkStream, int> _write;
        private readonly List<int> _offsets = [];
        private readonly Task _accepting;

        public BlobServer(Action<NetworkStream, int> write)
        {
            _write = write;
            _listener.Start();
            _accepting = Task.Factory.StartNew(Accept, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public string Host => _listener.LocalEndpoint.ToString()!;

        /// <summary>Where each request for the blob began.</summary>
        public IReadOnlyList<int> Offsets
        {
            get
            {
                lock (_offsets)
                {
                    return [.. _offsets];
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _accepting;
        }

        private void Accept()
        {
            try
            {
                while (true)
                {
                    using var client = _listener.AcceptTcpClient();
                    Serve(client.GetStream());
                }
            }
            catch (SocketException)
            {
                // The test is over.
            }
        }

        private void Serve(NetworkStream connection)
        {
            try
            {
                using var reader = new StreamReader(connection, leaveOpen: true);
                var request = reader.ReadLine() ?? "";
                var from = 0;
                while (reader.ReadLine() is { Length: > 0 } header)
                {
                    from = header.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase) ? int.Parse(header[13..^1], null) : from;
                }

                if (!request.Contains("/blobs/", StringComparison.Ordinal))
                {
                    connection.Write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"u8);
                    return;
                }

                lock (_offsets)
                {
                    _offsets.Add(from);
                }

                connection.Write(Encoding.ASCII.GetBytes(FormattableString.Invariant(
                    $"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{_content.Length - 1}/{_content.Length}\r\nContent-Length: {_content.Length - from}\r\nConnection: close\r\n\r\n")));
                _write(connection, from);
            }
            catch (IOException)
            {
                // The client is gone.
            }
        }
    }
}
