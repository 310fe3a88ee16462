using Berth.Daemon.Life;
using Berth.Engine;

namespace Berth.Daemon.Tests.Life;

public sealed class DaemonFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_data_root_has_one_daemon_at_a_time()
    {
        using (await TakeAsync(TimeSpan.Zero))
        {
            var error = await Assert.ThrowsAsync<EngineException>(() => TakeAsync(TimeSpan.FromMilliseconds(50)));
            Assert.Equal($"another berthd is running on {_folder.Path}", error.Message);
        }

        (await TakeAsync(TimeSpan.Zero)).Dispose();
    }

    [Fact]
    public async Task A_daemon_that_is_ending_is_waited_for()
    {
        var ending = await TakeAsync(TimeSpan.Zero);

        var successor = TakeAsync(TimeSpan.FromSeconds(30));
        Assert.False(successor.IsCompleted);
        ending.Dispose();

        (await successor).Dispose();
    }

    [Theory]
    [InlineData("1")] // alive, but no berthd: the id was given away again
    [InlineData("4194999")]
    [InlineData("garbage")]
    public void A_stale_pid_file_is_replaced_and_removed_at_the_end(string left)
    {
        var path = _folder.Write("pid", left);

        using (PidFile.Write(path))
        {
            Assert.Equal($"{Environment.ProcessId}", File.ReadAllText(path));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_socket_is_for_root_and_its_group_alone()
    {
        var path = _folder.File("s");
        using (ListenSocket.Open(ListenAddress.Parse("unix://" + path, null), group: null).Single())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite,
                File.GetUnixFileMode(path));
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_socket_that_a_killed_daemon_left_is_replaced_and_a_living_one_is_not()
    {
        var address = ListenAddress.Parse("unix://" + _folder.Write("s", ""), null);

        using var living = ListenSocket.Open(address, group: null).Single();
        living.Socket.Listen();

        var error = Assert.Throws<EngineException>(() => ListenSocket.Open(address, group: null).Single());
        Assert.Equal($"listen unix {address.Place}: address already in use", error.Message);
    }

    [Fact]
    public void A_group_that_does_not_exist_is_an_error() =>
        Assert.Contains(
            "group nosuchgroup not found",
            Assert.Throws<EngineException>(
                () => ListenSocket.Open(ListenAddress.Parse("unix://" + _folder.File("s"), null), "nosuchgroup").Single()).Message);

    [Theory]
    [InlineData("tcp://127.0.0.1:99", "127.0.0.1:99")]
    [InlineData("tcp://localhost", "127.0.0.1:2375")]
    [InlineData("tcp://:7", "127.0.0.1:7")]
    [InlineData("tcp://[::1]:7", "[::1]:7")]
    [InlineData("10.0.0.1:7", "10.0.0.1:7")]
    public void Tcp_addresses_are_read_as_Docker_reads_them(string text, string endPoint) =>
        Assert.Equal(endPoint, ListenAddress.Parse(text, null).TcpEndPoint.ToString());

    private Task<DataRootLock> TakeAsync(TimeSpan patience) => DataRootLock.TakeAsync(_folder.Path, patience, TimeProvider.System);
}
