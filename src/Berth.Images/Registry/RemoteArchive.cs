using System.Net;
using System.Text;
using Berth.Linux.Files;

namespace Berth.Images.Registry;

/// <summary>An archive on a web server, read while it comes. A server that says nothing for too long, or next to nothing, counts as gone.</summary>
public sealed class RemoteArchive : SequentialStream
{
    private const int RedirectsMax = 10;

    /// <summary>What is quoted of an answer that is no archive.</summary>
    private const int QuoteMax = 1024;

    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(15);

    private readonly HttpClient _client;
    private readonly RegistrySettings _settings;
    private readonly TimeProvider _time;
    private readonly LeastRate _rate;
    private HttpResponseMessage? _response;
    private Stream _content = Null;
    private long _read;

    private RemoteArchive(RegistrySettings settings, TimeProvider time)
    {
        (_settings, _time) = (settings, time);
        _rate = new LeastRate(settings.LeastRate, settings.SilenceMax);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            MaxAutomaticRedirections = RedirectsMax,
            Proxy = new RegistryProxy(settings.Proxies),
            ConnectTimeout = _connectTimeout,
        })
        {
            // Of the whole: an archive may take as long as it likes, as long as it comes.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public override bool CanRead => true;

    public override bool CanWrite => false;

    /// <summary>In bytes; null: the server does not say.</summary>
    public long? Size => _response?.Content.Headers.ContentLength;

    /// <summary>Told how much has come by now, each time that some has.</summary>
    public Action<long>? Progress { get; set; }

    /// <summary>Asks for it, and returns when the head of the answer is there.</summary>
    /// <exception cref="RegistryException">It is not there, or nobody answers.</exception>
    public static async Task<RemoteArchive> OpenAsync(Uri address, RegistrySettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var archive = new RemoteArchive(settings, time);
        try
        {
            await archive.AskAsync(address, cancellationToken);
            return archive;
        }
        catch
        {
            await archive.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="IOException">The rest does not come.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var begin = _time.GetTimestamp();
            var count = await InTimeAsync(token => _content.ReadAsync(buffer, token).AsTask(), cancellationToken);
            _rate.Add(count, _time.GetElapsedTime(begin));
            if (count > 0)
            {
                _rate.Check();
            }

            _read += count;
            Progress?.Invoke(_read);
            return count;
        }
        catch (Exception e) when (RegistryFailure.IsBroken(e))
        {
            throw new IOException($"download of {_response?.RequestMessage?.RequestUri} broke off after {_read} bytes: {RegistryFailure.Text(e)}", e);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
            _response?.Dispose();
            _client.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task AskAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.ProxyAuthorization = new RegistryProxy(_settings.Proxies).Authorization(address);
            _response = await InTimeAsync(token => _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken);
            _content = await _response.Content.ReadAsStreamAsync(cancellationToken);
            if (!_response.IsSuccessStatusCode)
            {
                var quote = new byte[QuoteMax];
                var length = await InTimeAsync(token => _content.ReadAtLeastAsync(quote, QuoteMax, throwOnEndOfStream: false, token).AsTask(), cancellationToken);
                throw new RegistryException(
                    $"failed to GET {address} with status {(int)_response.StatusCode} {_response.ReasonPhrase}: {Encoding.UTF8.GetString(quote, 0, length).Trim()}",
                    status: _response.StatusCode);
            }
        }
        catch (Exception e) when (RegistryFailure.IsBroken(e))
        {
            throw new RegistryException($"failed to GET {address}: {RegistryFailure.Text(e)}", cause: e);
        }
    }

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_settings.SilenceMax);
        try
        {
            return await step(patience.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"nothing came for {_settings.SilenceMax.TotalSeconds:0.#} s", e);
        }
    }
}
