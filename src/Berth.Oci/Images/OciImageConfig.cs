using System.Text.Json.Serialization;

namespace Berth.Oci.Images;

/// <summary>What a container of the image starts with, unless its user says otherwise. The names are Docker's, hence their capitals.</summary>
/// <remarks>Images come from many tools over many years: what Go's decoder takes, Docker runs, and so is taken here.</remarks>
public sealed record OciImageConfig
{
    [JsonPropertyName("Hostname")]
    public string? Hostname { get; init; }

    [JsonPropertyName("Domainname")]
    public string? Domainname { get; init; }

    [JsonPropertyName("User")]
    public string? User { get; init; }

    [JsonPropertyName("ExposedPorts")]
    public IReadOnlyDictionary<string, OciEmpty>? ExposedPorts { get; init; }

    [JsonPropertyName("Env")]
    public IReadOnlyList<string>? Env { get; init => field = NonNullList.Without(value); }

    [JsonPropertyName("Entrypoint")]
    [JsonConverter(typeof(WordListJsonConverter))]
    public IReadOnlyList<string>? Entrypoint { get; init; }

    [JsonPropertyName("Cmd")]
    [JsonConverter(typeof(WordListJsonConverter))]
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary>Windows only: the command is one string that is already escaped.</summary>
    [JsonPropertyName("ArgsEscaped")]
    public bool? ArgsEscaped { get; init; }

    [JsonPropertyName("Volumes")]
    public IReadOnlyDictionary<string, OciEmpty>? Volumes { get; init; }

    [JsonPropertyName("WorkingDir")]
    public string? WorkingDir { get; init; }

    [JsonPropertyName("Labels")]
    public IReadOnlyDictionary<string, string>? Labels { get; init => field = value?.ToDictionary(l => l.Key, l => l.Value ?? ""); }

    [JsonPropertyName("StopSignal")]
    public string? StopSignal { get; init; }

    [JsonPropertyName("StopTimeout")]
    public int? StopTimeout { get; init; }

    [JsonPropertyName("OnBuild")]
    public IReadOnlyList<string>? OnBuild { get; init => field = NonNullList.Without(value); }

    [JsonPropertyName("Shell")]
    [JsonConverter(typeof(WordListJsonConverter))]
    public IReadOnlyList<string>? Shell { get; init; }

    [JsonPropertyName("Healthcheck")]
    public OciHealthcheck? Healthcheck { get; init; }
}

/// <summary>The value of a set's member: an empty object.</summary>
public sealed record OciEmpty;

/// <summary>Docker's addition to the configuration; durations are nanoseconds.</summary>
public sealed record OciHealthcheck
{
    [JsonPropertyName("Test")]
    public IReadOnlyList<string>? Test { get; init => field = NonNullList.Without(value); }

    [JsonPropertyName("Interval")]
    public long? Interval { get; init; }

    [JsonPropertyName("Timeout")]
    public long? Timeout { get; init; }

    [JsonPropertyName("StartPeriod")]
    public long? StartPeriod { get; init; }

    [JsonPropertyName("StartInterval")]
    public long? StartInterval { get; init; }

    [JsonPropertyName("Retries")]
    public int? Retries { get; init; }
}
