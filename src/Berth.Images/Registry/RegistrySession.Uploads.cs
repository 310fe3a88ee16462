using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Berth.Oci.Images;

namespace Berth.Images.Registry;

public sealed partial class RegistrySession
{
    // Smaller blobs go with the request that names them: one less to wait for.
    private const long MonolithicMax = 1 << 20;

    // When all is sent, a registry may have to copy or to check much before it answers.
    private const int CompletionFactor = 10;

    /// <summary>Uploads a blob, or has the registry take it from another repository of its own.</summary>
    /// <param name="open">Opens the content, at its beginning; called again for another attempt.</param>
    /// <param name="mountFrom">A repository that may have it; null: none is known.</param>
    /// <param name="progress">Told how many bytes are there.</param>
    /// <returns>Whether it was taken from that repository.</returns>
    public async Task<bool> PutBlobAsync(
        OciDescriptor blob, Func<Stream> open, string? mountFrom, Action<long> progress, CancellationToken cancellationToken)
    {
        if (await BeginUploadAsync(blob, mountFrom, cancellationToken) is not { } upload)
        {
            return true;
        }

        long offset = 0;
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan pause;
            try
            {
                await SendContentAsync(upload, blob, open, offset, progress, cancellationToken);
                return false;
            }
            catch (Exception e) when (RegistryFailure.IsBroken(e) || (e is RegistryException { Status: { } status, RetryAfter: var asked } && RegistryFailure.MayPass(status, asked)))
            {
                pause = attempt < _settings.Attempts
                    ? RegistryFailure.Pause(attempt, (e as RegistryException)?.RetryAfter)
                    : throw new RegistryException($"upload of blob {blob.Digest} failed: {RegistryFailure.Text(e)}", cause: e);
            }

            await Task.Delay(pause, Time, cancellationToken);
            (upload, offset) = await UploadStatusAsync(upload, cancellationToken)
                ?? ((await BeginUploadAsync(blob, null, cancellationToken))!, 0);
        }
    }

    /// <summary>Has the registry take a blob from another repository of its own.</summary>
    /// <returns>Whether it has it there.</returns>
    public async Task<bool> MountBlobAsync(OciDescriptor blob, string from, CancellationToken cancellationToken)
    {
        if (await BeginUploadAsync(blob, from, cancellationToken) is not { } upload)
        {
            return true;
        }

        // The registry began an upload instead, which is not wanted.
        using var response = await SendAsync(upload.AbsoluteUri, a => new HttpRequestMessage(HttpMethod.Delete, a), Scope, cancellationToken);
        return false;
    }

    // Null where the blob was mounted, which only happens where that was asked for.
    private async Task<Uri?> BeginUploadAsync(OciDescriptor blob, string? mountFrom, CancellationToken cancellationToken)
    {
        var path = $"v2/{Target.Repository}/blobs/uploads/";
        using var response = mountFrom is null
            ? await SendAsync(path, a => new HttpRequestMessage(HttpMethod.Post, a), Scope, cancellationToken)
            : await SendAsync(
                $"{path}?mount={Uri.EscapeDataString(blob.Digest.ToString())}&from={Uri.EscapeDataString(mountFrom)}",
                a => new HttpRequestMessage(HttpMethod.Post, a),
                $"{Scope} repository:{mountFrom}:pull",
                cancellationToken);
        return response.StatusCode switch
        {
            HttpStatusCode.Created when mountFrom is not null => null,
            HttpStatusCode.Accepted => LocationOf(response),
            _ => throw await FailureAsync(response, cancellationToken),
        };
    }

    private async Task SendContentAsync(
        Uri upload, OciDescriptor blob, Func<Stream> open, long offset, Action<long> progress, CancellationToken cancellationToken)
    {
        if (offset == 0 && blob.Size <= MonolithicMax)
        {
            using var whole = await SendPartAsync(HttpMethod.Put, WithDigest(upload, blob), blob, open, 0, progress, cancellationToken);
            await ExpectAsync(whole, HttpStatusCode.Created, cancellationToken);
            return;
        }

        if (offset < blob.Size)
        {
            using var part = await SendPartAsync(HttpMethod.Patch, upload, blob, open, offset, progress, cancellationToken);
            await ExpectAsync(part, HttpStatusCode.Accepted, cancellationToken);
            upload = LocationOf(part);
        }

        using var end = await SendAuthorizedAsync(
            WithDigest(upload, blob),
            a => new HttpRequestMessage(HttpMethod.Put, a) { Content = new ByteArrayContent([]) },
            Scope,
            _settings.SilenceMax * CompletionFactor,
            cancellationToken);
        await ExpectAsync(end, HttpStatusCode.Created, cancellationToken);
    }

    // The limit is one of silence: each block that the registry takes begins it anew.
    private async Task<HttpResponseMessage> SendPartAsync(
        HttpMethod method, Uri upload, OciDescriptor blob, Func<Stream> open, long offset, Action<long> progress, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(_settings.SilenceMax);
        HttpRequestMessage Make(Uri address)
        {
            var content = open();
            content.Seek(offset, SeekOrigin.Begin);
            var request = new HttpRequestMessage(method, address)
            {
                Content = new UploadContent(content, blob.Size - offset, sent =>
                {
                    progress(offset + sent);
                    silence.CancelAfter(offset + sent < blob.Size ? _settings.SilenceMax : _settings.SilenceMax * CompletionFactor);
                }),
            };
            if (offset > 0)
            {
                request.Content.Headers.TryAddWithoutValidation("Content-Range", string.Create(CultureInfo.InvariantCulture, $"{offset}-{blob.Size - 1}"));
            }

            return request;
        }

        try
        {
            return await SendAuthorizedAsync(upload, Make, Scope, Timeout.InfiniteTimeSpan, silence.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(FormattableString.Invariant($"the registry took nothing for {_settings.SilenceMax.TotalSeconds} s"), e);
        }
    }

    // Where an upload stands; null where the registry does not know it any more.
    private async Task<(Uri Upload, long Offset)?> UploadStatusAsync(Uri upload, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(upload.AbsoluteUri, a => new HttpRequestMessage(HttpMethod.Get, a), Scope, cancellationToken);
        if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.Accepted or HttpStatusCode.OK)
            || !response.Headers.TryGetValues("Range", out var ranges))
        {
            return null;
        }

        // "0-N": both ends count; "0-0" is what registries say of an upload that holds nothing.
        var text = ranges.First();
        return RangeHeaderValue.TryParse($"bytes={text}", out var range) && range.Ranges.First().To is { } last and > 0
            ? (response.Headers.Location is null ? upload : LocationOf(response), last + 1)
            : null;
    }

    private async Task ExpectAsync(HttpResponseMessage response, HttpStatusCode status, CancellationToken cancellationToken)
    {
        if (response.StatusCode != status)
        {
            throw await FailureAsync(response, cancellationToken);
        }
    }

    private static Uri LocationOf(HttpResponseMessage response) =>
        response.Headers.Location is { } location
            ? new Uri(response.RequestMessage!.RequestUri!, location)
            : throw new RegistryException($"{response.RequestMessage?.RequestUri}: the answer does not say where to upload to");

    private static Uri WithDigest(Uri upload, OciDescriptor blob) =>
        new($"{upload.AbsoluteUri}{(upload.Query.Length > 0 ? "&" : "?")}digest={Uri.EscapeDataString(blob.Digest.ToString())}");
}
