using System.Globalization;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>Looks for what an engine may have left in the kernel and on disk.</summary>
public static class Leftovers
{
    /// <summary>
    /// Cgroups of all hierarchies whose path has this name, each after those below it. A path of several names is matched as a whole.
    /// </summary>
    public static IReadOnlyList<string> CgroupsOf(string name) =>
        [.. Directory.EnumerateDirectories("/sys/fs/cgroup", "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(path => $"{path}/".Contains($"/{name}/", StringComparison.Ordinal))
            .OrderByDescending(path => path.Length)];

    /// <summary>Cgroups that containers have left below the parent of all.</summary>
    public static IReadOnlyList<string> CgroupsBelow(string parent) =>
        [.. CgroupsOf(parent).Where(path => !path.EndsWith($"/{parent}", StringComparison.Ordinal))];

    public static IReadOnlyList<string> MountsBelow(string folder) =>
        [.. File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(folder, StringComparison.Ordinal))];

    /// <summary>Processes whose command line holds the text.</summary>
    public static IReadOnlyList<string> ProcessesOf(string text) =>
        [.. Directory.EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(ReadCommandLine)
            .Where(line => line.Contains(text, StringComparison.Ordinal))];

    /// <summary>Processes of a daemon's containers, and monitors and others that hold a file or a cgroup of that daemon open.</summary>
    public static IReadOnlyList<int> ProcessesOf(Daemon daemon)
    {
        var inside = CgroupsOf(daemon.Bridge).SelectMany(ProcessesIn).Select(line => int.Parse(line, CultureInfo.InvariantCulture));
        var holders = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0 && id != Environment.ProcessId && OpenFilesOf(id).Any(IsOfDaemon));
        return [.. inside.Union(holders)];

        bool IsOfDaemon(string path) =>
            path.StartsWith($"{daemon.Folder}/", StringComparison.Ordinal)
            || (path.StartsWith("/sys/fs/cgroup/", StringComparison.Ordinal) && $"{path}/".Contains($"/{daemon.Bridge}/", StringComparison.Ordinal));
    }

    private static string[] ProcessesIn(string cgroup)
    {
        try
        {
            return File.ReadAllLines($"{cgroup}/cgroup.procs");
        }
        catch (IOException)
        {
            // It was removed between the listing and the reading.
            return [];
        }
    }

    public static async Task<IReadOnlyList<string>> LinksAsync() =>
        [.. (await Shell.RunAsync("/sbin/ip", ["-o", "link"])).Expect(0).Lines.Select(NameOfLink)];

    /// <summary>The links of a bridge; none where it is none.</summary>
    public static async Task<IReadOnlyList<string>> LinksAsync(string bridge) =>
        [.. (await Shell.RunAsync("/sbin/ip", ["-o", "link", "show", "master", bridge])).Lines.Select(NameOfLink)];

    /// <summary>How many links a bridge has.</summary>
    public static async Task<int> PortsOfAsync(string bridge) => (await LinksAsync(bridge)).Count;

    /// <summary>Sockets with a name that somebody holds open.</summary>
    public static IReadOnlyList<string> SocketsBelow(string folder) =>
        [.. File.ReadLines("/proc/net/unix").Where(line => line.Contains(folder, StringComparison.Ordinal))];

    public static async Task<string> RulesAsync() => (await Shell.RunAsync("/usr/sbin/nft", ["list", "ruleset"])).Expect(0).Output;

    private static string NameOfLink(string line) => line.Split(':')[1].Trim().Split('@')[0];

    private static IEnumerable<string> OpenFilesOf(int process)
    {
        try
        {
            return [.. Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Select(fd => new FileInfo(fd).LinkTarget ?? "")];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It, or the file, went between the listing and the reading.
            return [];
        }
    }

    private static string ReadCommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended between the listing and the reading.
            return "";
        }
    }
}
