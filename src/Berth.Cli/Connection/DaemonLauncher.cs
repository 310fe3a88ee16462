using System.Net.Sockets;
using Berth.Linux;
using Berth.Linux.Processes;

namespace Berth.Cli.Connection;

/// <summary>Starts <c>berthd</c> where none listens on the default local socket, and waits until it does.</summary>
/// <remarks>
/// Two clients may start one each at the same moment: the daemon's own lock lets one of them live, the other ends, and both
/// clients find the one that listens.
/// </remarks>
sealed class DaemonLauncher(DaemonAddress address, TimeProvider time)
{
    private const string Program = "berthd";
    private const string LogFile = "/run/berth/berthd.log";

    /// <summary>A first start may have to unpack and restore; a daemon that is still silent after this has failed.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    /// <summary>After our own daemon ended, the other client's is given this long.</summary>
    private static readonly TimeSpan _patienceWithOther = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(2);

    /// <exception cref="ConnectionException">It cannot be started, or does not listen.</exception>
    public HttpConnection Launch()
    {
        using var daemon = Start();
        var deadline = time.GetUtcNow() + _patience;
        var ended = false;
        while (time.GetUtcNow() < deadline)
        {
            try
            {
                return HttpConnection.Open(address);
            }
            catch (SocketException)
            {
                Task.Delay(_pause, time).Wait();
            }

            if (!ended && daemon.TryReap() is not null)
            {
                ended = true;
                deadline = time.GetUtcNow() + _patienceWithOther;
            }
        }

        throw Failure($"{Program} was started and does not answer; see {LogFile}");
    }

    private ProcessHandle Start()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw Failure("it can be started by root only");
        }

        var path = Find() ?? throw Failure($"{Program} is neither beside this program nor in PATH");
        try
        {
            return ChildProcess.Spawn(new SpawnPlan
            {
                Path = path,
                Arguments = [Program, "--log-file", LogFile],
                Environment = [.. Variables()],
                NewSession = true,
            });
        }
        catch (LinuxException failure)
        {
            throw Failure(failure.Message);
        }
    }

    private static string? Find()
    {
        var beside = Path.Combine(AppContext.BaseDirectory, Program);
        return File.Exists(beside)
            ? beside
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Select(directory => Path.Combine(directory, Program))
                .FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Variables()
    {
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            yield return $"{variable.Key}={variable.Value}";
        }
    }

    private ConnectionException Failure(string reason) =>
        new($"Cannot connect to the Berth daemon at {address.Text}. Is the berth daemon running?\nIt could not be started: {reason}");
}
