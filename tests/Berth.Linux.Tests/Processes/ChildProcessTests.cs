using System.Text;
using Berth.Linux.Descriptors;
using Berth.Linux.Events;
using Berth.Linux.Processes;
using Berth.Linux.Sockets;

namespace Berth.Linux.Tests.Processes;

public sealed class ChildProcessTests
{
    [Fact]
    public void A_spawned_program_gets_its_descriptors_and_no_others()
    {
        var (ours, theirs) = UnixSocket.Pair();
        using (ours)
        {
            using var child = ChildProcess.Spawn(Shell("ls -x /proc/self/fd >&3; pwd >&3; ps -o sid= -p $$ >&3; echo $$ >&3", theirs));
            theirs.Dispose();
            Assert.Equal(0, WaitFor(child).ShellCode);
            var lines = ReadAll(ours).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            // ls itself opens one more, the directory.
            Assert.Equal("0  1  2  3  4", lines[0]);
            Assert.Equal("/", lines[1]);
            Assert.Equal(lines[3], lines[2]);
        }
    }

    [Fact]
    public void The_exit_of_a_child_is_its_code_or_its_signal()
    {
        using (var exits = ChildProcess.Spawn(Shell("exit 7")))
        {
            Assert.Equal(new ExitStatus(7, BySignal: false), WaitFor(exits));
        }

        using var killed = ChildProcess.Spawn(Shell("sleep 100"));
        Assert.Null(killed.TryReap());
        Assert.True(killed.TrySignal(9));
        Assert.Equal(137, WaitFor(killed).ShellCode);
        Assert.False(killed.TrySignal(9));
    }

    [Fact]
    public void A_program_that_is_not_there_is_the_kernels_error()
    {
        var error = Assert.Throws<LinuxException>(() => ChildProcess.Spawn(new SpawnPlan { Path = "/nowhere/at/all", Arguments = ["x"] }));
        Assert.Equal(Errno.ENOENT, error.Errno);
    }

    private static SpawnPlan Shell(string script, params FileDescriptor[] descriptors) =>
        new() { Path = "/bin/sh", Arguments = ["sh", "-c", script], Environment = ["PATH=/usr/bin:/bin"], Descriptors = descriptors, NewSession = true };

    private static ExitStatus WaitFor(ProcessHandle child)
    {
        using var queue = new EventQueue();
        queue.Add(child.Descriptor, 1, ReadyEvents.Readable);
        Assert.True(queue.Wait(10_000), "the child has not ended after 10 seconds");
        return child.TryReap() ?? throw new InvalidOperationException("A readable pidfd whose process cannot be reaped.");
    }

    private static string ReadAll(FileDescriptor socket)
    {
        var text = new StringBuilder();
        Span<byte> buffer = stackalloc byte[4096];
        while (DescriptorStream.Read(socket, buffer, out var count) is Transfer.Done)
        {
            text.Append(Encoding.UTF8.GetString(buffer[..count]));
        }

        return text.ToString();
    }
}
