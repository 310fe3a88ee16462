using System.Text.Json;

namespace Berth.Cli.Connection;

/// <summary>A small answer of the daemon, read member by member: quicker than to have the serializer learn its type first.</summary>
sealed class ReplyObject : IDisposable
{
    private readonly JsonDocument _document;
    private readonly JsonElement _object;

    private ReplyObject(JsonDocument document, JsonElement element) => (_document, _object) = (document, element);

    /// <exception cref="ConnectionException">It is no JSON object.</exception>
    public static ReplyObject Parse(byte[] json)
    {
        try
        {
            var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ReplyObject(document, document.RootElement)
                : throw new ConnectionException("the daemon's answer is no object");
        }
        catch (JsonException e)
        {
            throw new ConnectionException($"the daemon's answer is no JSON: {e.Message}");
        }
    }

    /// <returns>The member's text; empty where it is absent or no text.</returns>
    public string Text(string member) => _object.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <returns>The member's number; null where it is absent or no number.</returns>
    public int? Number(string member) =>
        _object.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    /// <returns>The texts of a list; none where the member is absent or no list.</returns>
    public IReadOnlyList<string> Texts(string member) =>
        _object.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)]
            : [];

    /// <returns>The object that the member is; null where it is absent or none.</returns>
    public ReplyObject? Object(string member) =>
        _object.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.Object ? new ReplyObject(_document, value) : null;

    public void Dispose() => _document.Dispose();
}
