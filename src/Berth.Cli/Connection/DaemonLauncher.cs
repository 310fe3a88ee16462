using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Processes;

namespace Berth.Cli.Connection;

/// <summary>Starts <c>berthd</c> where none listens on the default local socket, and waits until it does.</summary>
/// <remarks>
/// Of several clients that find none at the same moment one has its turn, and the others wait for the daemon that it starts.
/// </remarks>
sealed class DaemonLauncher(DaemonAddress address, TimeProvider time)
{
    private const string Program = "berthd";
    private const string RunDirectory = "/run/berth";
    private const string LogFile = $"{RunDirectory}/berthd.log";
    private const string TurnFile = $"{RunDirectory}/launch.lock";

    /// <summary>A first start may have to unpack and restore; a daemon that is still silent after this has failed.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(2);

    /// <exception cref="ConnectionException">It cannot be started, or does not listen.</exception>
    public HttpConnection Launch()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw Failure("it can be started by root only");
        }

        FileStream? turn = null;
        ProcessHandle? daemon = null;
        var logBegin = 0L;
        try
        {
            for (var deadline = time.GetUtcNow() + _patience; time.GetUtcNow() < deadline; Task.Delay(_pause, time).Wait())
            {
                if (TryOpen() is { } connection)
                {
                    return connection;
                }

                if (turn is null && (turn = TryTakeTurn()) is not null)
                {
                    continue; // Whoever had it before may have started one just now.
                }

                if (turn is not null)
                {
                    if (daemon is null)
                    {
                        logBegin = File.Exists(LogFile) ? new FileInfo(LogFile).Length : 0;
                        daemon = Start();
                    }

                    if (daemon.TryReap() is not null)
                    {
                        throw Failure($"{LastWords(logBegin) ?? $"{Program} has ended"} (see {LogFile})");
                    }
                }
            }
        }
        finally
        {
            daemon?.Dispose();
            turn?.Dispose();
        }

        throw Failure($"{Program} does not answer; see {LogFile}");
    }

    private HttpConnection? TryOpen()
    {
        try
        {
            return HttpConnection.Open(address);
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    /// <summary>The kernel gives the turn back when its holder ends in whatever way.</summary>
    private static FileStream? TryTakeTurn()
    {
        if (!Directory.Exists(RunDirectory))
        {
            PrivateDirectory.Make(RunDirectory, PrivateDirectory.GroupPasses);
        }

        try
        {
            return new FileStream(TurnFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private ProcessHandle Start()
    {
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

    /// <summary>What the daemon wrote last: why it ended. Null: nothing.</summary>
    private static string? LastWords(long logBegin)
    {
        const int Most = 16 << 10;
        try
        {
            using var log = new FileStream(LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            log.Seek(Math.Max(Math.Min(logBegin, log.Length), log.Length - Most), SeekOrigin.Begin);
            using var reader = new StreamReader(log);
            var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

            // An error in its configuration is written as it is; anything else as a line of the log.
            return lines.Select(FatalMessage).LastOrDefault(m => m is not null)
                ?? lines.LastOrDefault(l => !l.StartsWith("time=", StringComparison.Ordinal) && !l.StartsWith('{') && !l.StartsWith("See '", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string? FatalMessage(string line)
    {
        const string Start = "level=fatal msg=\"";
        var begin = line.IndexOf(Start, StringComparison.Ordinal);
        if (begin < 0)
        {
            return null;
        }

        var text = line[(begin + Start.Length)..];
        var end = 0;
        while (end < text.Length && text[end] != '"')
        {
            end += text[end] == '\\' ? 2 : 1;
        }

        return text[..Math.Min(end, text.Length)].Replace("\\\"", "\"", StringComparison.Ordinal).Replace(@"\n", " ", StringComparison.Ordinal);
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
