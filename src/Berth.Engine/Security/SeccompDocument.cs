using System.Text.Json.Serialization;
using Berth.Oci.Runtime;

namespace Berth.Engine.Security;

/// <summary>
/// A seccomp profile as Docker's users write it (<c>--security-opt seccomp=FILE</c>): an OCI section whose rules may depend on the
/// container's capabilities, the architecture and the kernel.
/// </summary>
internal sealed record SeccompDocument
{
    public string? DefaultAction { get; init; }

    public uint? DefaultErrnoRet { get; init; }

    public IReadOnlyList<string>? Architectures { get; init; }

    public IReadOnlyList<SeccompArchitectureMap>? ArchMap { get; init; }

    public IReadOnlyList<string>? Flags { get; init; }

    public string? ListenerPath { get; init; }

    public string? ListenerMetadata { get; init; }

    public IReadOnlyList<SeccompDocumentRule>? Syscalls { get; init; }
}

internal sealed record SeccompArchitectureMap(string Architecture, IReadOnlyList<string>? SubArchitectures);

internal sealed record SeccompDocumentRule
{
    /// <summary>One name; the form from before there were lists.</summary>
    public string? Name { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    public required string Action { get; init; }

    public uint? ErrnoRet { get; init; }

    public IReadOnlyList<OciSyscallArgument>? Args { get; init; }

    /// <summary>The rule counts where all of it holds.</summary>
    public SeccompFilterTerms? Includes { get; init; }

    /// <summary>The rule does not count where any of it holds.</summary>
    public SeccompFilterTerms? Excludes { get; init; }
}

internal sealed record SeccompFilterTerms
{
    public IReadOnlyList<string>? Caps { get; init; }

    /// <summary>In Go's words: amd64, arm64.</summary>
    public IReadOnlyList<string>? Arches { get; init; }

    /// <summary>Such as 4.8.</summary>
    public string? MinKernel { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SeccompDocument))]
internal sealed partial class SeccompJson : JsonSerializerContext;
