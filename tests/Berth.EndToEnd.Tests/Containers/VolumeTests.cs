using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Containers;

/// <summary>What a container's volumes begin with, and when they go.</summary>
public sealed class VolumeTests(SharedDaemon shared) : EndToEndTest(shared)
{
    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task A_new_one_has_the_images_content_and_owner_unless_it_is_told_not_to(string client)
    {
        var (seeded, empty) = (NewName(), NewName());
        try
        {
            var run = await Client(client).ScriptAsync($"run --rm -v {seeded}:/etc -v {empty}:/home/app:nocopy -v /home busybox", "stat -c '%u:%g %a' /home/app /home; ls /etc | grep -v mtab; ls -A /home/app");
            Assert.Equal(["0:0 755", "0:0 755", "group", "hostname", "hosts", "passwd", "resolv.conf"], run.Expect(0).Lines);
            var owned = await Client(client).ScriptAsync("run --rm -v /home/app busybox", "stat -c '%u:%g %a' /home/app");
            Assert.Equal("1000:1000 755", owned.Expect(0).Line);

            // Only a new one is seeded, also where it is empty by now.
            (await Client(client).ScriptAsync($"run --rm -v {seeded}:/x busybox", "rm -r /x/passwd")).Expect(0);
            Assert.Equal("gone", (await Client(client).ScriptAsync($"run --rm -v {seeded}:/etc busybox", "test -e /etc/passwd || echo gone")).Expect(0).Line);
        }
        finally
        {
            await Docker.RunAsync($"volume rm {seeded} {empty}");
        }
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task An_anonymous_one_in_the_place_of_a_file_of_the_image_is_refused(string client)
    {
        var name = NewName();
        var refused = (await Client(client).RunAsync($"create --name {name} -v /bin/busybox busybox true")).Expect(1);
        Assert.Contains("cannot mount volume over existing file, file exists ", refused.Error, StringComparison.Ordinal);
        Assert.Empty((await Docker.RunAsync($"ps -aq --filter name={name}")).Lines);
    }

    [Theory]
    [MemberData(nameof(SharedDaemon.ClientNames), MemberType = typeof(SharedDaemon))]
    public async Task Rm_keeps_anonymous_ones_and_with_v_removes_them_alone(string client)
    {
        foreach (var (flag, remains) in ((string, bool)[])[("", true), ("-v", false)])
        {
            var (name, volume) = (NewName(), NewName());
            (await Client(client).RunAsync($"create --name {name} -v /anonymous -v {volume}:/named busybox true")).Expect(0);
            var sources = (await InspectAsync(name))["Mounts"]!.AsArray().ToDictionary(m => (string)m!["Destination"]!, m => (string)m!["Source"]!);
            (await Client(client).RunAsync($"rm {flag} {name}")).Expect(0);
            Assert.Equal(remains, Directory.Exists(sources["/anonymous"]));
            Assert.True(Directory.Exists(sources["/named"]));
            await Docker.RunAsync($"volume rm {volume}");
        }

        var removed = NewName();
        (await Client(client).RunAsync($"run -d --rm --name {removed} -v /anonymous busybox sleep 1000")).Expect(0);
        var source = (string)(await InspectAsync(removed))["Mounts"]![0]!["Source"]!;
        (await Client(client).RunAsync($"kill {removed}")).Expect(0);
        await Eventually.HoldsAsync("its volume goes with a container that removes itself", () => !Directory.Exists(source));
    }
}
