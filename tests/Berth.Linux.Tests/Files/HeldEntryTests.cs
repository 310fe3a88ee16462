using System.Text;
using Berth.Linux.Files;

namespace Berth.Linux.Tests.Files;

/// <summary>What was made is changed, and not what has its name by then.</summary>
public sealed class HeldEntryTests : IDisposable
{
    private const UnixFileMode Before = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const uint Fifo = 0x1000;

    private readonly string _folder = Directory.CreateTempSubdirectory("berth-held-").FullName;

    private string Victim => Path.Combine(_folder, "victim");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_mode_goes_to_the_held_file_whatever_its_name_is_now(bool throughProc)
    {
        using var made = MakePipeAndPutALinkInItsPlace();
        if (throughProc)
        {
            made.SetModeThroughProc(0x9FF /* 04777 */);
        }
        else
        {
            made.SetMode(0x9FF);
        }

        Assert.Equal(Before, File.GetUnixFileMode(Victim));
        Assert.Equal(0x9FFu, made.Status().Permissions);
    }

    [Fact]
    public void Owner_times_and_attributes_go_to_the_held_file()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root gives files away");
        using var made = MakePipeAndPutALinkInItsPlace();
        using var victim = HeldEntry.Open(Victim);
        var before = victim.Status();
        made.SetOwner(1234, 567);
        made.SetTimes(new FileTime(100, 0), new FileTime(200, 0));
        Assert.Equal(Errno.None, made.TrySetAttribute("trusted.berth"u8, "x"u8));
        Assert.Equal(before, victim.Status());
        var status = made.Status();
        Assert.Equal((1234u, 567u, new FileTime(200, 0)), (status.User, status.Group, status.Modified));
    }

    [Fact]
    public void A_link_is_changed_itself()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root gives files away");
        MakeVictim();
        using var directory = TreeDirectory.Open(_folder);
        using var link = directory.TryMakeSymbolicLink("link"u8, "victim"u8)!;
        using var victim = HeldEntry.Open(Victim);
        var before = victim.Status();
        link.SetOwner(1234, 567);
        link.SetTimes(new FileTime(100, 0), new FileTime(200, 0));
        Assert.Equal(Errno.None, link.TrySetAttribute("trusted.berth"u8, "x"u8));
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<LinuxException>(() => link.SetMode(0x1FF)).Errno);
        Assert.Equal(Errno.EOPNOTSUPP, Assert.Throws<LinuxException>(() => link.SetModeThroughProc(0x1FF)).Errno);
        Assert.Equal(before, victim.Status());
        Assert.Equal(1234u, link.Status().User);
        using var file = directory.OpenFile("victim"u8);
        Assert.Empty(file.AttributeNames());
    }

    [Theory]
    [InlineData("victim", Fifo)]
    [InlineData("link", Fifo)]
    [InlineData("link", 0x2000u)]
    public void What_took_the_name_meanwhile_is_not_held(string name, uint made)
    {
        MakeVictim();
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), "/dev/null");
        using var directory = TreeDirectory.Open(_folder);
        Assert.Equal(
            Errno.EEXIST,
            Assert.Throws<LinuxException>(() => HeldEntry.OpenMade(directory.Descriptor, Encoding.UTF8.GetBytes(name), made, (1, 3))).Errno);
    }

    [Fact]
    public void A_taken_name_makes_nothing()
    {
        MakeVictim();
        using var directory = TreeDirectory.Open(_folder);
        Assert.Null(directory.TryMakeDirectory("victim"u8, 0x1ED));
        Assert.Null(directory.TryMakeNode("victim"u8, Fifo | 0x180, 0, 0));
        Assert.Null(directory.TryMakeSymbolicLink("victim"u8, "x"u8));
    }

    private HeldEntry MakePipeAndPutALinkInItsPlace()
    {
        MakeVictim();
        using var directory = TreeDirectory.Open(_folder);
        var made = directory.TryMakeNode("f"u8, Fifo | 0x180, 0, 0)!;
        File.Move(Path.Combine(_folder, "f"), Path.Combine(_folder, "moved"));
        File.CreateSymbolicLink(Path.Combine(_folder, "f"), Victim);
        return made;
    }

    private void MakeVictim()
    {
        File.WriteAllText(Victim, "x");
        File.SetUnixFileMode(Victim, Before);
    }
}
