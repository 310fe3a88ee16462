using System.Globalization;
using System.Text;
using Berth.Api.Containers;
using Berth.Engine.Containers;
using Berth.Engine.Containers.Streams;
using Berth.Engine.Monitors;
using Berth.Linux;
using Berth.Monitor;

namespace Berth.Engine.Execs;

public sealed partial class ExecService
{
    private const string FailurePrefix = "OCI runtime exec failed: exec failed: unable to start container process: ";
    private const int KilledWithMonitor = 137;
    private const int NotStarted = 126;

    /// <summary>What Docker's command line ends with where the container is over before the exec began.</summary>
    private const int ContainerOver = 1;

    /// <summary>Refuses what cannot be started, before the client's connection is taken over; from here on the exec is this caller's to run.</summary>
    public Exec Prepare(string id)
    {
        var exec = Get(id);
        RefuseUnlessRunning(exec.Container);
        exec.BeginStart();
        return exec;
    }

    /// <summary>Notes that an exec that was prepared will not be run after all.</summary>
    public void Abandon(Exec exec)
    {
        exec.End(NotStarted, _time.GetUtcNow());
        ForgetLater(exec);
    }

    /// <summary>Runs the exec with a client on its stdio. A program that cannot be run is told in the stream, as its exit code is 126 or 127.</summary>
    /// <param name="exec">Was prepared.</param>
    /// <param name="start">How.</param>
    /// <param name="client">Its stdio.</param>
    /// <param name="onExit">Told the exit code, after the last of the output and before anybody else.</param>
    /// <param name="cancellationToken">The client is gone; the process goes on.</param>
    public async Task RunAsync(
        Exec exec, StartExecRequest start, ClientStream client, Func<int, Task>? onExit, CancellationToken cancellationToken)
    {
        var request = exec.Request;
        MonitorStream process;
        try
        {
            process = await StartAsync(exec, start);
        }
        catch (EngineException e)
        {
            await TellAsync(client, e.Message, start.Tty, cancellationToken);
            if (onExit is not null && exec.ExitCode is { } exitCode)
            {
                await onExit(exitCode);
            }

            return;
        }

        var options = new StreamOptions
        {
            Raw = start.Tty,
            Stdin = request.AttachStdin,
            CloseStdin = !request.Tty,
            DetachKeys = request is { AttachStdin: true, Tty: true } ? DetachKeys.Parse(request.DetachKeys) : null,
        };
        try
        {
            if (await StreamPump.RunAsync(process, client, options, cancellationToken))
            {
                Publish("exec_detach", exec);
            }
        }
        finally
        {
            if (process.IsAtEnd)
            {
                process.Dispose();
                await EndAsync(exec, process.Exit?.ExitCode ?? KilledWithMonitor, onExit);
            }
            else
            {
                // The client went first; the process goes on, and its end is still to be known.
                _ = DrainAsync(exec, process);
            }
        }
    }

    /// <summary>Runs the exec with nobody on its stdio; returns when it runs.</summary>
    public async Task RunDetachedAsync(Exec exec, StartExecRequest start)
    {
        var process = await StartAsync(exec, start);
        _ = DrainAsync(exec, process);
    }

    /// <summary>Not cancelled when the client goes away: a process that was started must be known.</summary>
    private async Task<MonitorStream> StartAsync(Exec exec, StartExecRequest start)
    {
        if (exec.Container.Run is not { } run)
        {
            throw EndWithContainer(exec);
        }

        try
        {
            var process = await BeginAsync(exec, run, start);
            exec.Start(process.Pid ?? 0);
            return process;
        }
        catch (MonitorFailureException e)
        {
            // A program that cannot be run is the exec's own fault, and is told without looking further.
            if (!StartFailures.IsOfProgram(e.Failure) && await run.IsOverAsync(_time))
            {
                throw EndWithContainer(exec);
            }

            exec.End(StartFailures.ExitCodeOf(e.Failure), _time.GetUtcNow());
            ForgetLater(exec);
            throw new EngineException(
                StartFailures.KindOf(e.Failure),
                $"{FailurePrefix}{e.Message}",
                e);
        }
        catch (EngineException)
        {
            if (run.Monitor.HasEnded)
            {
                throw EndWithContainer(exec);
            }

            Abandon(exec);
            throw;
        }
        catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
        {
            // Its root is gone a moment before it shows as ended.
            if (await run.IsOverAsync(_time))
            {
                throw EndWithContainer(exec);
            }

            Abandon(exec);
            throw new EngineException(ErrorKind.System, $"{FailurePrefix}{e.Message}", e);
        }
        catch
        {
            Abandon(exec);
            throw;
        }
    }

    /// <summary>The container ended before the exec began.</summary>
    private EngineException EndWithContainer(Exec exec)
    {
        exec.End(ContainerOver, _time.GetUtcNow());
        ForgetLater(exec);
        return ContainerErrors.NotRunning(exec.Container.Id);
    }

    /// <summary>Asks the monitor for the process, and tells of it meanwhile: a start is told of whatever becomes of it.</summary>
    private Task<MonitorStream> BeginAsync(Exec exec, ContainerRun run, StartExecRequest start)
    {
        var (container, request) = (exec.Container, exec.Request);
        try
        {
            if (request.WorkingDir is [not '/', ..])
            {
                throw new EngineException(ErrorKind.InvalidParameter, "OCI runtime exec failed: exec failed: Cwd must be an absolute path");
            }

            var plan = new ExecRequest
            {
                Id = exec.Id,
                Process = _containers.ProcessOf(container, request, start.ConsoleSize ?? request.ConsoleSize),
                Stdin = request.AttachStdin && !start.Detach,
                Stdout = request.AttachStdout && !start.Detach,
                Stderr = request.AttachStderr && !start.Detach,
            };
            return run.Monitor.ExecAsync(plan, CancellationToken.None);
        }
        finally
        {
            TellOfCreation(exec);
            Publish($"exec_start: {string.Join(' ', request.Cmd!)}", exec);
        }
    }

    /// <summary>Reads what nobody wants to see, for the exit that comes last.</summary>
    private async Task DrainAsync(Exec exec, MonitorStream process)
    {
        using (process)
        {
            while (process.Exit is null && await process.ReadAsync(CancellationToken.None) is not null)
            {
            }

            await EndAsync(exec, process.Exit?.ExitCode ?? KilledWithMonitor, onExit: null);
        }
    }

    private async Task EndAsync(Exec exec, int exitCode, Func<int, Task>? onExit)
    {
        exec.End(exitCode, _time.GetUtcNow());
        ForgetLater(exec);
        try
        {
            if (onExit is not null)
            {
                await onExit(exitCode);
            }
        }
        finally
        {
            Publish("exec_die", exec, ("exitCode", exitCode.ToString(CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Writes a message to the client as if the process had: as output.</summary>
    private async Task TellAsync(ClientStream client, string message, bool raw, CancellationToken cancellationToken)
    {
        _log.Debug("exec failed", ("error", message));
        var text = Encoding.UTF8.GetBytes(message + "\r\n");
        var frame = new byte[FrameHeader.Size + text.Length];
        new FrameHeader(FrameKind.Stdout, text.Length).Write(frame);
        text.CopyTo(frame, FrameHeader.Size);
        await client.Output.WriteAsync(raw ? text : frame, cancellationToken);
    }
}
