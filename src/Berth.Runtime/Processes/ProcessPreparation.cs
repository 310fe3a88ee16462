using System.Globalization;
using Berth.Linux;
using Berth.Linux.Mounts;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Processes;

/// <summary>What is done for a new process by the one that clones it.</summary>
internal static class ProcessPreparation
{
    internal static ProcessIdentity Prepare(OciProcess process, OciSeccomp? seccomp, Action<string> warn) =>
        new(process, ProcessCapabilities.Of(process.Capabilities, warn), seccomp);

    internal static void SetOutOfMemoryScore(int pid, int? score, Action<string> warn)
    {
        if (score is null)
        {
            return;
        }

        try
        {
            // The caller's own /proc: the process is its child, and what the container has at /proc plays no part.
            using var proc = ProcFileSystem.Open();
            proc.Write(string.Create(CultureInfo.InvariantCulture, $"{pid}/oom_score_adj"), score.Value.ToString(CultureInfo.InvariantCulture));
        }
        catch (LinuxException e)
        {
            // Lowering it takes CAP_SYS_RESOURCE, which root inside a container or a sandbox may lack.
            warn($"oom_score_adj {score}: {e.Message}");
        }
    }
}
