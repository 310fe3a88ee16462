using System.Globalization;
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

        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/oom_score_adj");
        try
        {
            File.WriteAllText(path, score.Value.ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Lowering it takes CAP_SYS_RESOURCE, which root inside a container or a sandbox may lack.
            warn($"oom_score_adj {score}: {e.Message}");
        }
    }
}
