using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Berth.Daemon.Server;

partial class ApiRequest
{
    /// <summary>The only reader of these texts is a JSON parser: they need no escapes for HTML.</summary>
    internal static readonly JsonWriterOptions JsonText = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Sets a header of the reply; before its body starts.</summary>
    public void SetHeader(string name, string value) => http.Response.Headers[name] = value;

    /// <summary>Replies without a body.</summary>
    public Task ReplyAsync(int status = StatusCodes.Status204NoContent)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Replies with one JSON value.</summary>
    public Task ReplyAsync<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(body, JsonText))
        {
            JsonSerializer.Serialize(writer, value, type);
        }

        body.Write("\n"u8);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.WrittenCount;
        return http.Response.Body.WriteAsync(body.WrittenMemory, Aborted).AsTask();
    }

    /// <summary>Replies with plain text.</summary>
    public Task ReplyTextAsync(string text)
    {
        http.Response.ContentType = "text/plain; charset=utf-8";
        http.Response.ContentLength = System.Text.Encoding.UTF8.GetByteCount(text);
        return http.Response.WriteAsync(text, Aborted);
    }

    /// <summary>
    /// Starts a reply of unknown length: its head is sent at once, and each write to the stream goes out when it is flushed.
    /// From here on an error can only end the connection; endpoints with a way to tell of errors inside the stream use it.
    /// </summary>
    public async Task<Stream> ReplyStreamAsync(string contentType, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        lifetime.BecomeStream();
        await http.Response.StartAsync(Aborted);
        await http.Response.Body.FlushAsync(Aborted);
        return http.Response.Body;
    }

    /// <summary>Like <see cref="ReplyStreamAsync"/>, as a pipe. (One that was not started gives no room to write to.)</summary>
    /// <param name="contentType">The type of what is written.</param>
    /// <param name="length">How much it is, where that is known: it spares the client the framing.</param>
    public async Task<PipeWriter> ReplyPipeAsync(string contentType, long? length = null)
    {
        http.Response.ContentLength = length;
        await ReplyStreamAsync(contentType);
        return http.Response.BodyWriter;
    }

    /// <summary>Starts a reply that is a stream of JSON values (progress, events), each one sent as it is written.</summary>
    public async Task<JsonStream> ReplyJsonStreamAsync() => new(await ReplyStreamAsync("application/json"), Aborted);
}
