using Berth.Archives.Streams;
using Berth.Images.Streams;
using Berth.Oci.Images;

namespace Berth.Images.Registry;

/// <summary>
/// A blob of a registry from an offset on, as one stream: where the connection breaks, stalls, trickles or is refused for a while, it is opened
/// again at the next byte. For threads of their own, like <see cref="BlockingStream"/>.
/// </summary>
/// <param name="offset">How many bytes of it are known already.</param>
/// <param name="progress">Told how many bytes are known, each time that some came.</param>
internal sealed class RemoteBlob(
    RegistrySession session, OciDescriptor blob, long offset, Action<long> progress, CancellationToken cancellationToken) : ReadOnlyStream
{
    // So much must come before a connection counts as one that worked: a server that cuts each after a byte is given up some time.
    private const int WorthMin = 64 << 10;

    private readonly byte[] _buffer = new byte[Handover.BlockSize];
    private LeastRate _rate = new(session.Settings.LeastRate, session.Settings.SilenceMax);
    private HttpResponseMessage? _response;
    private Stream? _body;
    private long _received = offset;
    private long _receivedAtFailure = offset;
    private int _failures;
    private int _start;
    private int _end;

    public override int Read(Span<byte> buffer)
    {
        if (_start == _end)
        {
            (_start, _end) = (0, FillAsync().GetAwaiter().GetResult());
        }

        var count = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Disconnect();
        }

        base.Dispose(disposing);
    }

    private async Task<int> FillAsync()
    {
        while (_received < blob.Size)
        {
            TimeSpan? asked = null;
            string problem;
            try
            {
                _body ??= await OpenAsync();
                var count = await ReceiveAsync(_body, blob.Size - _received);
                if (count > 0)
                {
                    _received += count;
                    progress(_received);
                    return count;
                }

                problem = "the connection ended";
            }
            catch (Exception e) when (RegistryFailure.IsBroken(e))
            {
                problem = RegistryFailure.Text(e);
            }
            catch (RegistryException e) when (e.Status is { } status && RegistryFailure.MayPass(status, e.RetryAfter))
            {
                problem = e.Message;
                asked = e.RetryAfter;
            }

            var pause = Fail(problem, asked);
            Disconnect();
            await Task.Delay(pause, session.Time, cancellationToken);
        }

        return 0;
    }

    private TimeSpan Fail(string problem, TimeSpan? asked)
    {
        _failures = _received - _receivedAtFailure >= WorthMin ? 1 : _failures + 1;
        _receivedAtFailure = _received;
        return _failures < session.Settings.Attempts
            ? RegistryFailure.Pause(_failures, asked)
            : throw new RegistryException($"download of blob {blob.Digest} failed after {_received} of {blob.Size} bytes: {problem}");
    }

    private async Task<Stream> OpenAsync()
    {
        _rate = new LeastRate(session.Settings.LeastRate, session.Settings.SilenceMax);
        (_response, var begin) = await session.OpenBlobAsync(blob, _received, cancellationToken);
        var body = await _response.Content.ReadAsStreamAsync(cancellationToken);
        while (begin < _received)
        {
            // It does not know ranges: what is known already comes once more.
            var count = await ReceiveAsync(body, _received - begin);
            begin += count > 0 ? count : throw new IOException("the connection ended");
        }

        return body;
    }

    private async Task<int> ReceiveAsync(Stream body, long wanted)
    {
        _rate.Check();
        var began = session.Time.GetTimestamp();
        var room = _buffer.AsMemory(0, (int)Math.Min(_buffer.Length, wanted));
        var count = await RegistryReply.Within(session.Settings.SilenceMax, token => body.ReadAsync(room, token).AsTask(), cancellationToken);
        _rate.Add(count, session.Time.GetElapsedTime(began));
        return count;
    }

    private void Disconnect()
    {
        _body?.Dispose();
        _response?.Dispose();
        (_body, _response) = (null, null);
    }
}
