using System.Globalization;
using Berth.Api.Containers;

namespace Berth.Engine.Containers.Stats;

/// <summary>The counters of a process's network interfaces, of /proc/PID/net/dev: nobody has to enter the namespace for them.</summary>
internal static class NetworkCounters
{
    /// <returns>Null where the process has ended, or has no interface but its own loopback.</returns>
    public static IReadOnlyDictionary<string, NetworkStats>? Read(int pid)
    {
        try
        {
            return Parse(File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/net/dev")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // eth0: bytes packets errs drop fifo frame compressed multicast, and the first four again for what was sent
    internal static Dictionary<string, NetworkStats>? Parse(IEnumerable<string> lines)
    {
        var found = new Dictionary<string, NetworkStats>();
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? "" : line[..colon].Trim();
            var numbers = colon < 0 ? [] : line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => ulong.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : 0).ToArray();
            if (name is not ("" or "lo") && numbers.Length >= 12)
            {
                found[name] = new NetworkStats
                {
                    ReceivedBytes = numbers[0],
                    ReceivedPackets = numbers[1],
                    ReceivedErrors = numbers[2],
                    ReceivedDropped = numbers[3],
                    SentBytes = numbers[8],
                    SentPackets = numbers[9],
                    SentErrors = numbers[10],
                    SentDropped = numbers[11],
                };
            }
        }

        return found.Count == 0 ? null : found;
    }
}
