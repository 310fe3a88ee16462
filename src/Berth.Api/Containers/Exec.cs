using System.Text.Json.Serialization;

namespace Berth.Api.Containers;

/// <summary>Body of <c>POST /containers/{id}/exec</c>.</summary>
public sealed record CreateExecRequest
{
    public string User { get; set; } = "";

    public bool Privileged { get; set; }

    public bool Tty { get; set; }

    /// <summary>Height and width.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<uint>? ConsoleSize { get; set; }

    public bool AttachStdin { get; set; }

    public bool AttachStderr { get; set; }

    public bool AttachStdout { get; set; }

    public bool Detach { get; set; }

    public string DetachKeys { get; set; } = "";

    public IReadOnlyList<string>? Env { get; set; }

    public string WorkingDir { get; set; } = "";

    public StringList? Cmd { get; set; }
}

public sealed record CreateExecResponse
{
    public required string Id { get; init; }
}

/// <summary>Body of <c>POST /exec/{id}/start</c>.</summary>
public sealed record StartExecRequest
{
    public bool Detach { get; set; }

    public bool Tty { get; set; }

    /// <summary>Height and width.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<uint>? ConsoleSize { get; set; }
}

/// <summary>Answer of <c>GET /exec/{id}/json</c>.</summary>
public sealed record ExecInspect
{
    public required string ID { get; init; }

    public bool Running { get; set; }

    /// <summary>Null while it runs and before it did.</summary>
    public int? ExitCode { get; set; }

    public required ExecProcess ProcessConfig { get; init; }

    public bool OpenStdin { get; set; }

    public bool OpenStderr { get; set; }

    public bool OpenStdout { get; set; }

    public bool CanRemove { get; set; }

    public required string ContainerID { get; init; }

    /// <summary>The bytes in base64; null where there are none.</summary>
    public string? DetachKeys { get; set; }

    public int Pid { get; set; }
}

public sealed record ExecProcess
{
    [JsonPropertyName("tty")]
    public bool Tty { get; set; }

    [JsonPropertyName("entrypoint")]
    public string Entrypoint { get; set; } = "";

    [JsonPropertyName("arguments")]
    public IReadOnlyList<string> Arguments { get; set; } = [];

    [JsonPropertyName("privileged")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Privileged { get; set; }

    [JsonPropertyName("user")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? User { get; set; }
}
