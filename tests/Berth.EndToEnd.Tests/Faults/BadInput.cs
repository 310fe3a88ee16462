using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults;

/// <summary>
/// Whatever a client sends, the answer comes soon, is no 5xx, says what is wrong, and no file of the host is another one after it.
/// </summary>
public abstract partial class BadInput(SharedDaemon shared) : EndToEndTest(shared)
{
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(20);
    protected static readonly string Long = new('a', 100_000);

    /// <summary>JSON values that are of the wrong type, out of range, or hostile.</summary>
    protected static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e400", "99999999999999999999", "-9223372036854775808", "9223372036854775807", "0.5", "\"\"", "\"\\u0000\"",
        "\"a\\nb\"", "\"../../../../etc/passwd\"", "\"/\"", "\"..\"", "\"\\ud800\"", "\"container:\"", "\"container:nosuch\"", "\"4294967296\"",
        "\"%s%n\"", "\"{{.}}\"", $"\"{Long}\"", "[]", "{}", "[null]", "[\"\"]", "[\"a\\u0000b\"]", "[1]", "[[]]", "{\"\":\"\"}", "{\"a\":null}",
        "[{}]", "[\"../..:/x\"]", "[\"/etc/passwd:/../../../x:rw,bad\"]", "{\"a\\u0000\":\"b\"}", "{\"80/tcp\":[{}]}", "{\"99999/tcp\":[{\"HostPort\":\"-1\"}]}",
    ];

    /// <summary>Texts for queries and paths.</summary>
    protected static readonly string[] Texts =
    [
        "", " ", "-1", "0x", "1E9", "99999999999999999999", "4294967296", "-9223372036854775808", "NaN", "a b", "a\nb", "\0", "../..", "..", ".", "%", "%zz", "/",
        "é", "\ud83d\ude00", "{}", "[]", "{\"a\":1}", "{\"name\":[1]}", "{\"name\":{\"(\":true}}", "true;false", "SIG", "SIGRTMIN+99", "ctrl-", "1h", "-1h", "1.5.5",
        "' OR 1", "$(id)", Long[..2000],
    ];

    protected async Task CreateAndStartAsync(string body)
    {
        if (await SendAsync(HttpMethod.Post, "containers/create", Encoding.UTF8.GetBytes(body), "application/json") is not { } made || (string?)made["Id"] is not { } id)
        {
            return;
        }

        await SendAsync(HttpMethod.Get, $"containers/{id}/json", null, "", body);
        await SendAsync(HttpMethod.Post, $"containers/{id}/start", null, "", body);
        await SendAsync(HttpMethod.Delete, $"containers/{id}?force=1&v=1", null, "", body);
    }

    /// <summary>Sends, and holds the answer to what this class is about.</summary>
    /// <returns>The answer's JSON object, where it is a success and is one.</returns>
    protected async Task<JsonObject?> SendAsync(HttpMethod method, string target, byte[]? body, string type, string context = "")
    {
        using var request = new HttpRequestMessage(method, new Uri($"http://berth/{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        var what = $"{method} {Shorten(target)} {Shorten(context.Length > 0 ? context : Encoding.UTF8.GetString(body ?? []))}";
        using var limit = new CancellationTokenSource(_soon);
        try
        {
            using var answer = await Daemon.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (answer.StatusCode == HttpStatusCode.SwitchingProtocols || (target.Contains("/attach", StringComparison.Ordinal) && answer.IsSuccessStatusCode))
            {
                return null;
            }

            var text = await answer.Content.ReadAsStringAsync(limit.Token);
            Assert.True((int)answer.StatusCode is < 500 or 501 or 503, $"{(int)answer.StatusCode} for {what}: {text}");
            if ((int)answer.StatusCode >= 400 && method != HttpMethod.Head && text.Length > 0)
            {
                var message = (string?)JsonNode.Parse(text)!["message"];
                Assert.False(string.IsNullOrWhiteSpace(message), $"a message for {what}: {text}");
                ExpectNothingOfTheProgram(message);
            }

            return answer.IsSuccessStatusCode && text.StartsWith('{') ? JsonNode.Parse(text.Split('\n')[0]) as JsonObject : null;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"no answer in time to {what}");
            return null;
        }
    }

    /// <summary>An error speaks of what the user sent: not of the types of this program, nor of files that are there for a moment.</summary>
    public static void ExpectNothingOfTheProgram(string error) => Assert.DoesNotMatch(OfTheProgram(), error);

    [GeneratedRegex(@"\b(System|Microsoft|Berth)\.[A-Z]|Object reference|/tmp/[a-z0-9]{8}\.[a-z0-9]{3}|LineNumber|   at ")]
    private static partial Regex OfTheProgram();

    private static string Shorten(string text) => text.Length > 300 ? text[..300] + "…" : text;

    /// <summary>Digests of files that an attack would be after.</summary>
    protected static string HostFiles() => string.Join('\n', ((string[])["/etc/passwd", "/etc/group", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf"])
        .Select(path => $"{path} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}")
        .Concat(Directory.GetFileSystemEntries("/").Order(StringComparer.Ordinal))
        .Append(new FileInfo("/dev/null").UnixFileMode.ToString()));
}
