using System.Text;
using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Processes;

namespace Berth.Engine.Hosts;

/// <summary>Runs a program of the host to its end and takes what it says.</summary>
internal static class HostProgram
{
    private const int SigKill = 9;
    private const int OutputMax = 8 << 20;
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    /// <returns>Its exit code, and what it wrote to both its outputs.</returns>
    /// <exception cref="EngineException">It could not be started, or did not end in time.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, IReadOnlyList<string> arguments, TimeProvider time)
    {
        var (read, write) = Pipe.Open();
        using (read)
        {
            ProcessHandle process;
            using (write)
            {
                try
                {
                    // A child's standard descriptors are /dev/null: the shell puts the pipe in their place.
                    process = ChildProcess.Spawn(new SpawnPlan
                    {
                        Path = "/bin/sh",
                        Arguments = ["sh", "-c", "exec \"$0\" \"$@\" >&3 2>&3 3>&-", program, .. arguments],
                        Environment = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"],
                        Descriptors = [write],
                    });
                }
                catch (LinuxException e)
                {
                    throw new EngineException(ErrorKind.System, $"cannot run {program}: {e.Message}", e);
                }
            }

            using (process)
            {
                var output = OwnThread.Run(() => ReadAll(read));
                try
                {
                    var text = await output.WaitAsync(_limit, time);
                    return (process.Reap().Code, text);
                }
                catch (TimeoutException e)
                {
                    process.TrySignal(SigKill);
                    await output;
                    process.Reap();
                    throw new EngineException(ErrorKind.System, $"{program} did not end in time", e);
                }
            }
        }
    }

    private static string ReadAll(FileDescriptor pipe)
    {
        var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (text.Length < OutputMax && DescriptorStream.Read(pipe, buffer, out var count) is Transfer.Done)
        {
            text.Write(buffer, 0, count);
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
