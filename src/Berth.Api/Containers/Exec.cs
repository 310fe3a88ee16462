using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

/// <summary>Body of <c>POST /containers/{id}/exec</c>.</summary>
public sealed record CreateExecRequest
{
    public string User { get; init; } = "";

    public bool Privileged { get; init; }

    public bool Tty { get; init; }

    /// <summary>Height and width.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<uint>? ConsoleSize { get; init; }

    public bool AttachStdin { get; init; }

    public bool AttachStderr { get; init; }

    public bool AttachStdout { get; init; }

    public bool Detach { get; init; }

    public string DetachKeys { get; init; } = "";

    public IReadOnlyList<string>? Env { get; init; }

    public string WorkingDir { get; init; } = "";

    [JsonConverter(typeof(StringOrList))]
    public IReadOnlyList<string>? Cmd { get; init; }
}

public sealed record CreateExecResponse
{
    public required string Id { get; init; }
}

/// <summary>Body of <c>POST /exec/{id}/start</c>.</summary>
public sealed record StartExecRequest
{
    public bool Detach { get; init; }

    public bool Tty { get; init; }

    /// <summary>Height and width.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<uint>? ConsoleSize { get; init; }
}

/// <summary>Answer of <c>GET /exec/{id}/json</c>.</summary>
public sealed record ExecInspect
{
    public required string ID { get; init; }

    public bool Running { get; init; }

    /// <summary>Null while it runs and before it did.</summary>
    public int? ExitCode { get; init; }

    public required ExecProcess ProcessConfig { get; init; }

    public bool OpenStdin { get; init; }

    public bool OpenStderr { get; init; }

    public bool OpenStdout { get; init; }

    public bool CanRemove { get; init; }

    public required string ContainerID { get; init; }

    /// <summary>The bytes in base64; null where there are none.</summary>
    public string? DetachKeys { get; init; }

    public int Pid { get; init; }
}

public sealed record ExecProcess
{
    [JsonPropertyName("tty")]
    public bool Tty { get; init; }

    [JsonPropertyName("entrypoint")]
    public string Entrypoint { get; init; } = "";

    [JsonPropertyName("arguments")]
    public IReadOnlyList<string> Arguments { get; init; } = [];

    [JsonPropertyName("privileged")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Privileged { get; init; }

    [JsonPropertyName("user")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; init; }
}
