using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

/// <summary>Answer of <c>POST /containers/{id}/wait</c>.</summary>
public sealed record WaitResponse
{
    public int StatusCode { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WaitError? Error { get; set; }
}

public sealed record WaitError
{
    public string Message { get; set; } = "";
}
