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

        // The segments of the events' history are held open. Their number grows with the events, up to 26.
        var descriptors = Directory.GetFileSystemEntries(Path.Combine(folder, "fd")).Count(fd => new FileInfo(fd).LinkTarget?.EndsWith(".jsonl", StringComparison.Ordinal) is not true);
        return new DaemonSize(descriptors, Value("RssAnon:"), (int)Value("Threads:"));
    }

    /// <summary>Its size once its memory is no larger than the limit, in KB: what work has left for the collector goes in a quiet moment after it.</summary>
    public static async Task<DaemonSize> AtRestAsync(Daemon daemon, long limit)
    {
        var size = Of(daemon);
        await Eventually.HoldsAsync($"no more than {limit} KB of memory are left, {size}", () => (size = Of(daemon)).MemoryKb <= limit);
        return size;
    }
}
