using System.Globalization;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Images;

/// <summary>A file that is long and takes no room stays one wherever it is copied to (issue 9, number 30).</summary>
public sealed class HolesTests(SharedDaemon shared) : EndToEndTest(shared)
{
    private const long Length = 96 << 20;
    private const long Few = 1 << 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-holes-").FullName;

    [Fact]
    public async Task Holes_stay_holes_in_layers_blobs_archives_volumes_and_copies()
    {
        Assert.SkipWhen(Daemon.IsDockerd, "Docker fills holes");
        var berth = Daemon.Berth;
        var name = NewName();
        (await Docker.ScriptAsync(
            $"run --name {name} busybox", "mkdir /d && truncate -s 96M /d/f && echo middle | dd of=/d/f bs=1 seek=50000000 conv=notrunc && echo start | dd of=/d/f conv=notrunc"))
            .Expect(0);
        var digest = await DigestAsync(Path.Combine((string)(await InspectAsync(name))["GraphDriver"]!["Data"]!["UpperDir"]!, "d/f"));

        // Out, in, and out of that.
        var copy = Path.Combine(_folder, "f");
        (await berth.RunAsync("cp", $"{name}:/d/f", copy)).Expect(0);
        await ExpectAsync(copy, digest);
        (await berth.RunAsync("cp", copy, $"{name}:/d/g")).Expect(0);
        await ExpectAsync(Path.Combine((string)(await InspectAsync(name))["GraphDriver"]!["Data"]!["UpperDir"]!, "d/g"), digest);

        // A layer, its blob, and the archive of the image.
        (await Docker.RunAsync($"commit {name} {name}:v1")).Expect(0);
        await ExpectImageAsync($"{name}:v1", digest);
        var archive = Path.Combine(_folder, "image.tar");
        (await berth.RunAsync("save", "-o", archive, $"{name}:v1")).Expect(0);
        Assert.True(await RoomAsync(archive) < Length / 2, "the archive has holes");
        (await Docker.RunAsync("rm", name)).Expect(0);
        (await Docker.RunAsync("rmi", $"{name}:v1")).Expect(0);
        (await berth.RunAsync("load", "-i", archive)).Expect(0);
        await ExpectImageAsync($"{name}:v1", digest);

        // A volume that is made of what the image has there.
        (await Docker.RunAsync($"run -d --name {name} -v /d {name}:v1 true")).Expect(0);
        var volume = (string)(await InspectAsync(name))["Mounts"]![0]!["Source"]!;
        await ExpectAsync(Path.Combine(volume, "f"), digest);
        (await Docker.RunAsync($"rm -f -v {name}")).Expect(0);
        (await Docker.RunAsync($"rmi {name}:v1")).Expect(0);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task ExpectImageAsync(string image, string digest)
    {
        var inspect = await InspectAsync(image);
        await ExpectAsync(Path.Combine((string)inspect["GraphDriver"]!["Data"]!["UpperDir"]!, "d/f"), digest);

        // An archive that is not compressed: its digest is the layer's.
        var blob = ((string)inspect["RootFS"]!["Layers"]!.AsArray()[^1]!)["sha256:".Length..];
        Assert.True(await RoomAsync(Path.Combine(Daemon.DataRoot, "images/blobs/sha256", blob)) < Length / 2, "the blob has holes");
    }

    private static async Task ExpectAsync(string path, string digest)
    {
        Assert.Equal(Length, new FileInfo(path).Length);
        Assert.InRange(await RoomAsync(path), 1, Few);
        Assert.Equal(digest, await DigestAsync(path));
    }

    private static async Task<long> RoomAsync(string path) =>
        512 * long.Parse((await Shell.RunAsync("stat", ["-c", "%b", path])).Expect(0).Line, CultureInfo.InvariantCulture);

    private static async Task<string> DigestAsync(string path) => (await Shell.RunAsync("sha256sum", [path])).Expect(0).Line[..64];
}
