using Berth.Linux.Descriptors;
using Berth.Linux.Events;
using Berth.Linux.Sockets;

namespace Berth.Linux.Tests.Sockets;

public sealed class UnixSocketTests
{
    [Fact]
    public void A_socket_is_reached_under_a_path_longer_than_an_address()
    {
        var top = Directory.CreateTempSubdirectory("berth-socket-");
        try
        {
            var directory = top.CreateSubdirectory(new string('d', 200)).FullName;
            using var listener = UnixSocket.Listen(directory, "name.sock", 8);
            Assert.Null(UnixSocket.TryAccept(listener));
            using var client = UnixSocket.TryConnect(directory, "name.sock");
            using var server = UnixSocket.TryAccept(listener);
            Assert.NotNull(client);
            Assert.NotNull(server);
            using var queue = new EventQueue();
            queue.Add(server, 42, ReadyEvents.Readable);
            Assert.False(queue.Wait(0));
            Assert.Equal(Transfer.WouldBlock, DescriptorStream.Read(server, new byte[1], out _));
            Assert.Equal(Transfer.Done, DescriptorStream.Write(client, "x"u8, out _));
            Assert.True(queue.Wait(10_000));
            Assert.True(queue.TryTake(out var key, out var ready));
            Assert.Equal((42UL, ReadyEvents.Readable), (key, ready));
            Assert.False(queue.TryTake(out _, out _));
        }
        finally
        {
            top.Delete(recursive: true);
        }
    }

    [Fact]
    public void Connecting_where_nobody_listens_answers_null()
    {
        var directory = Directory.CreateTempSubdirectory("berth-socket-");
        try
        {
            Assert.Null(UnixSocket.TryConnect(directory.FullName, "name.sock"));
            UnixSocket.Listen(directory.FullName, "name.sock", 1).Dispose();
            Assert.Null(UnixSocket.TryConnect(directory.FullName, "name.sock"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        Assert.Null(UnixSocket.TryConnect(directory.FullName, "name.sock"));
    }
}
