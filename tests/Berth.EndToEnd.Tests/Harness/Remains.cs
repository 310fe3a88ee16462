using System.ComponentModel;
using System.Diagnostics;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>
/// Takes away what a daemon that was not ended in order has left: the next tests run on the same machine. It asks neither the daemon
/// nor its programs for help, as it may be they that fail.
/// </summary>
internal static class Remains
{
    public static async Task ClearAsync(Daemon daemon)
    {
        await Eventually.HoldsAsync("its monitors and containers have ended", () => End(daemon));
        await Eventually.HoldsAsync("its cgroups are gone", () => TryRemoveCgroups(daemon.Bridge));
        foreach (var link in (string[])[.. await Leftovers.LinksAsync(daemon.Bridge), daemon.Bridge])
        {
            await Shell.RunAsync("/sbin/ip", ["link", "delete", link]);
        }

        await Shell.RunAsync("/usr/sbin/nft", ["delete", "table", "ip", $"berth-{daemon.Bridge}"]);
        await RemoveAllowanceAsync(daemon.Bridge);
    }

    /// <returns>Whether none was left.</returns>
    private static bool End(Daemon daemon)
    {
        // What is paused does not hear that it is to end.
        foreach (var (file, running) in Leftovers.CgroupsOf(daemon.Bridge).SelectMany(c => new[] { ($"{c}/freezer.state", "THAWED"), ($"{c}/cgroup.freeze", "0") }))
        {
            if (File.Exists(file))
            {
                File.WriteAllText(file, running);
            }
        }

        var found = Leftovers.ProcessesOf(daemon);
        foreach (var id in found)
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
            {
                // It has ended meanwhile.
            }
        }

        return found.Count == 0;
    }

    private static bool TryRemoveCgroups(string bridge)
    {
        try
        {
            foreach (var cgroup in Leftovers.CgroupsOf(bridge))
            {
                Directory.Delete(cgroup);
            }

            return true;
        }
        catch (IOException)
        {
            // The kernel is not done with the last process.
            return false;
        }
    }

    /// <summary>The rules that let the bridge's packets through iptables, wherever they stand.</summary>
    private static async Task RemoveAllowanceAsync(string bridge)
    {
        const string mark = " # handle ";
        var chain = "";
        foreach (var line in (await Shell.RunAsync("/usr/sbin/nft", ["-a", "list", "table", "ip", "filter"])).Lines.Select(l => l.Trim()))
        {
            if (line.StartsWith("chain ", StringComparison.Ordinal))
            {
                chain = line.Split(' ')[1];
            }
            else if (line.Contains($"comment \"berth {bridge}\"", StringComparison.Ordinal))
            {
                var handle = line[(line.LastIndexOf(mark, StringComparison.Ordinal) + mark.Length)..];
                await Shell.RunAsync("/usr/sbin/nft", ["delete", "rule", "ip", "filter", chain, "handle", handle]);
            }
        }
    }
}
