using System.Diagnostics;
using Berth.Linux.Netlink;

namespace Berth.Linux.Tests.Netlink;

/// <summary>A new network namespace, held by a process that sleeps in it; with the process goes all that was made there.</summary>
internal sealed class EmptyNamespace : IDisposable
{
    private readonly Process _holder;

    internal EmptyNamespace()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root: network namespaces");
        _holder = Process.Start(new ProcessStartInfo("unshare", ["--net", "sh", "-c", "echo ready; exec sleep 600"]) { RedirectStandardOutput = true })!;
        _holder.StandardOutput.ReadLine();
        Network = NetworkNamespace.OfProcess(_holder.Id);
    }

    internal NetworkNamespace Network { get; }

    internal string Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "nsenter", ["--net", "--target", _holder.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), command, .. arguments])
        { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    public void Dispose()
    {
        Network.Dispose();
        _holder.Kill();
        _holder.WaitForExit();
        _holder.Dispose();
    }
}
