using System.Globalization;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>What a daemon's process holds, of /proc.</summary>
public sealed record DaemonSize(int Descriptors, long MemoryKb, int Threads)
{
    public static DaemonSize Of(Daemon daemon)
    {
        var folder = $"/proc/{daemon.Process.Id}";
        var status = File.ReadAllLines(Path.Combine(folder, "status"));
        long Value(string name) => long.Parse(
            status.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture);
        return new DaemonSize(Directory.GetFileSystemEntries(Path.Combine(folder, "fd")).Length, Value("RssAnon:"), (int)Value("Threads:"));
    }
}
