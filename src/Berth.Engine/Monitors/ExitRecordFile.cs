using System.Text.Json;
using Berth.Monitor;

namespace Berth.Engine.Monitors;

/// <summary>exit.json of a bundle: how the container's last run ended. The monitor writes it before it tells anyone, and removes the one before at Create.</summary>
public static class ExitRecordFile
{
    public const string Name = "exit.json";

    /// <summary>128 + SIGKILL: what a container's exit code is when its monitor was killed and the container with it.</summary>
    private const int KilledWithMonitor = 137;

    /// <returns>Null where there is none that can be read: the run has not ended, its monitor was killed, or the disk was full.</returns>
    public static ExitRecord? TryRead(string bundle)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(bundle, Name)), MonitorJson.Default.ExitRecord);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>How the run of a container ended whose monitor is gone.</summary>
    public static ExitRecord ReadAfterMonitor(string bundle, TimeProvider time) =>
        TryRead(bundle) ?? new ExitRecord { ExitCode = KilledWithMonitor, FinishedAt = time.GetUtcNow() };
}
