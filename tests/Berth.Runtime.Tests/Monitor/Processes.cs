using System.Globalization;

namespace Berth.Runtime.Tests.Monitor;

/// <summary>What /proc says of a process; zero and nothing of one that has ended.</summary>
internal static class Processes
{
    internal static int ParentOf(int pid)
    {
        var stat = Read(pid, "stat");
        return stat.Length == 0 ? 0 : int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    internal static bool IsAlive(int pid) => ParentOf(pid) != 0;

    internal static string CommandOf(int pid) => Read(pid, "cmdline");

    internal static long ResidentBytes(int pid)
    {
        var statm = Read(pid, "statm");
        return statm.Length == 0 ? 0 : long.Parse(statm.Split(' ')[1], CultureInfo.InvariantCulture) * 4096;
    }

    internal static IEnumerable<int> ChildrenOf(int pid) =>
        Directory.GetDirectories("/proc").Select(d => int.TryParse(Path.GetFileName(d), out var id) ? id : 0).Where(id => id > 0 && ParentOf(id) == pid);

    internal static void Signal(int pid, int signal)
    {
        using var process = Linux.Processes.ProcessHandle.TryOpen(pid);
        Assert.True(process?.TrySignal(signal));
    }

    private static string Read(int pid, string file)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{file}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
