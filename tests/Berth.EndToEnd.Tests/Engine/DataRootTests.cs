using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Engine;

/// <summary>Where the data lies (issue 9, number 29).</summary>
public sealed class DataRootTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-root-").FullName;

    [Fact]
    public async Task A_data_root_that_cannot_hold_containers_is_refused_at_the_start_with_what_to_do()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "the end-to-end tests need root");
        Assert.SkipWhen(Daemon.IsDockerd, "Berth's own storage");

        // As in a container: the files are an overlay. It is mounted where nobody else sees it.
        var start = await Shell.RunAsync("unshare", ["-m", "sh", "-ec", """
            cd "$1"; mkdir lower upper work root
            mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay root
            exec "$2" --data-root "$1/root/data" --exec-root "$1/exec" --pidfile "$1/pid" -H "unix://$1/s" --bridge none
            """, "sh", _folder, Path.Combine(Binaries.Folder, "berthd")]);
        start.Expect(1);
        Assert.Contains($"the file system of the data root {_folder}/root/data cannot hold containers", start.Output + start.Error, StringComparison.Ordinal);
        Assert.Contains("--data-root", start.Output + start.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("overlay-check", Directory.GetFileSystemEntries(Path.Combine(_folder, "upper", "data")).Select(Path.GetFileName));
        Assert.False(File.Exists(Path.Combine(_folder, "pid")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
