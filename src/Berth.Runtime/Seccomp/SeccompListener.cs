using System.Text.Json;
using System.Text.Json.Serialization;
using Berth.Linux;
using Berth.Linux.Sockets;
using Berth.Oci.Runtime;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Seccomp;

/// <summary>Gives the agent of a bundle's listenerPath the descriptor that a filter's questions come from (config-linux.md, "The Container Process State").</summary>
internal static class SeccompListener
{
    internal static void HandOn(FileDescriptor listener, OciSeccomp seccomp, OciState state, int pid)
    {
        using (listener)
        {
            if (string.IsNullOrEmpty(seccomp.ListenerPath))
            {
                throw StartException.Of("seccomp", "seccomp: a filter that notifies needs a listenerPath");
            }

            using var agent = MessageSocket.TryConnectStream(seccomp.ListenerPath)
                ?? throw StartException.Of("seccomp", $"seccomp: nobody listens on {seccomp.ListenerPath}");
            var message = new ContainerProcessState { Pid = pid, Metadata = seccomp.ListenerMetadata ?? "", State = state };
            if (!agent.TrySend(JsonSerializer.SerializeToUtf8Bytes(message, ContainerProcessStateJson.Default.ContainerProcessState), listener))
            {
                throw StartException.Of("seccomp", $"seccomp: {seccomp.ListenerPath} was closed");
            }
        }
    }
}

internal sealed record ContainerProcessState
{
    public string OciVersion { get; init; } = "1.2.0";

    public IReadOnlyList<string> Fds { get; init; } = ["seccompFd"];

    public required int Pid { get; init; }

    public required string Metadata { get; init; }

    public required OciState State { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContainerProcessState))]
internal sealed partial class ContainerProcessStateJson : JsonSerializerContext;
