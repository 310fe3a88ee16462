using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>Overlays on kernels that note by default what was moved or changed, instead of doing it (issue 9, number 11).</summary>
public sealed class OverlayFeatureTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const string Parameters = "/sys/module/overlay/parameters";

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-overlay-").FullName;

    [Fact]
    public async Task What_is_moved_or_changed_is_in_the_containers_layer_whatever_the_kernels_defaults_are()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Berth's own storage");
        Assert.SkipUnless(Directory.Exists(Parameters), "overlay's parameters cannot be seen here");
        var name = NewName();
        (await Docker.ScriptAsync($"create --name {name} -w / busybox", "mv /var /moved && chmod 600 /etc/passwd && mv /home/app /home/b")).Expect(0);

        // For all of the machine, hence for as short as it can be.
        await WithDefaultsOnAsync(async () => (await Docker.RunAsync($"start {name}")).Expect(0));
        Assert.Equal("0", (await Docker.RunAsync($"wait {name}")).Expect(0).Line);

        (await Docker.RunAsync($"commit {name} {name}:one")).Expect(0);
        Assert.Equal(
            ["root:x:0:0:root:/root:/bin/sh", "/home/b", "/moved/www"],
            (await Docker.ScriptAsync($"run --rm {name}:one", "head -n 1 /etc/passwd; ls -d /home/b /moved/*")).Expect(0).Lines);
        (await Docker.RunAsync($"rmi {name}:one")).Expect(0);
        Assert.Superset(
            new HashSet<string> { "A /moved", "A /moved/www", "D /var", "C /etc/passwd", "A /home/b" },
            (await Docker.RunAsync($"diff {name}")).Expect(0).Lines.ToHashSet());
        var archive = (await Docker.RunAsync($"export {name}")).Expect(0).OutputBytes;
        Assert.Contains("root:x:0:0", (await Shell.RunAsync("tar", ["-xO", "etc/passwd"], archive)).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layer_with_such_notes_is_refused_and_never_taken_for_an_empty_one()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Berth's own storage");
        var name = NewName();
        (await Docker.RunAsync($"run --name {name} busybox true")).Expect(0);
        var inspect = await InspectAsync(name);
        var data = inspect["GraphDriver"]!["Data"]!;

        // What another overlay left, in a mount namespace of its own.
        (await Shell.RunAsync("unshare", ["-m", "sh", "-ec", """
            mount -t overlay -o "redirect_dir=on,metacopy=on,lowerdir=$1,upperdir=$2,workdir=$3" overlay "$4"
            mv "$4/var" "$4/moved"; chmod 600 "$4/etc/passwd"; umount "$4"
            """, "sh", (string)data["LowerDir"]!, (string)data["UpperDir"]!, (string)data["WorkDir"]!, _folder])).Expect(0);
        var refused = (await Docker.RunAsync($"commit {name} {name}:one")).Expect(1);
        Assert.Contains("lies in a layer below", refused.Error, StringComparison.Ordinal);
        Assert.Contains("/moved lies in a layer below", (await Docker.RunAsync($"diff {name}")).Expect(1).Error, StringComparison.Ordinal);

        // A look at all layers follows the notes.
        var archive = (await Docker.RunAsync($"export {name}")).Expect(0).OutputBytes;
        Assert.Contains("moved/www/", (await Shell.RunAsync("tar", ["-t"], archive)).Expect(0).Lines);
        Assert.Contains("root:x:0:0", (await Shell.RunAsync("tar", ["-xO", "etc/passwd"], archive)).Expect(0).Output, StringComparison.Ordinal);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task WithDefaultsOnAsync(Func<Task> action)
    {
        var before = ((string[])["redirect_dir", "metacopy", "index"]).ToDictionary(p => Path.Combine(Parameters, p), p => File.ReadAllText(Path.Combine(Parameters, p)));
        try
        {
            foreach (var parameter in before.Keys)
            {
                await File.WriteAllTextAsync(parameter, "Y");
            }

            await action();
        }
        finally
        {
            foreach (var (parameter, value) in before)
            {
                await File.WriteAllTextAsync(parameter, value, CancellationToken.None);
            }
        }
    }
}
