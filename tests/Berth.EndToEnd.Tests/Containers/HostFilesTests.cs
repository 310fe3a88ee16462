using System.Net;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>A link in a container or in an archive names a file of the host: whatever is unpacked, that file stays as it is.</summary>
public sealed class HostFilesTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const UnixFileMode Before = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-host-files-").FullName;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_directory_that_an_archive_implies_is_not_made_of_a_dangling_link(bool isRunning)
    {
        var victim = Victim();
        var name = NewName();
        (await Docker.ScriptAsync($"run -d --name {name} busybox", $"ln -s {victim} /x; sleep 1000")).Expect(0);
        await Eventually.HoldsAsync("the link is there", async () => (await Docker.RunAsync($"exec {name} readlink /x")).ExitCode == 0);
        if (!isRunning)
        {
            (await Docker.RunAsync($"kill {name}")).Expect(0);
        }

        var archive = new HostileArchive().File("x/foo", "content").ToArray();
        (await Docker.InputAsync($"cp - {name}:/", archive)).Expect(1);
        Assert.Equal(Before, File.GetUnixFileMode(victim));
        Assert.NotEqual(HttpStatusCode.OK, await PutAsync(name, "/", archive));
        Assert.Equal(Before, File.GetUnixFileMode(victim));

        // The link may come with the archive.
        await PutAsync(name, "/", new HostileArchive().Link("y", victim).File("y/foo", "content").ToArray());
        Assert.Equal(Before, File.GetUnixFileMode(victim));
        Assert.Equal("secret", await File.ReadAllTextAsync(victim));
    }

    /// <remarks>The archive has the name often: each entry is one try in the moment between its making and its change.</remarks>
    [Theory]
    [InlineData('6', "04777")]
    [InlineData('3', "04777")]
    [InlineData('5', "01777")]
    [InlineData('2', "00777")]
    public async Task What_an_archive_makes_is_not_changed_by_a_name_that_became_a_link(char type, string mode)
    {
        const int Entries = 200;
        const int Rounds = 40;
        var victim = Victim();
        File.SetLastWriteTimeUtc(victim, DateTime.UnixEpoch.AddYears(20));
        var (owner, time) = (await OwnerAsync(victim), File.GetLastWriteTimeUtc(victim));
        var shared = Directory.CreateDirectory(Path.Combine(_folder, "shared")).FullName;
        var name = await RunSleeperAsync($"-v {shared}:/s");
        var archive = new HostileArchive();
        for (var i = 0; i < Entries; i++)
        {
            archive.Entry(type, "f", link: type == '2' ? "anything" : "", mode: mode.PadLeft(7, '0'));
        }

        using (new NameSwap(Path.Combine(shared, "f"), victim))
        {
            for (var round = 0; round < Rounds; round++)
            {
                // It is refused where the link was there first.
                await PutAsync(name, "/s", archive.ToArray());
            }
        }

        Assert.Equal(Before, File.GetUnixFileMode(victim));
        Assert.Equal(time, File.GetLastWriteTimeUtc(victim));
        Assert.Equal(owner, await OwnerAsync(victim));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private string Victim()
    {
        var path = Path.Combine(_folder, "victim");
        File.WriteAllText(path, "secret");
        File.SetUnixFileMode(path, Before);
        return path;
    }

    private static async Task<string> OwnerAsync(string path) => (await Shell.RunAsync("stat", ["-c", "%u:%g", path])).Expect(0).Line;

    private async Task<HttpStatusCode> PutAsync(string container, string path, byte[] archive)
    {
        using var answer = await Daemon.Http.PutAsync($"containers/{container}/archive?path={path}", new ByteArrayContent(archive));
        return answer.StatusCode;
    }
}
