using Berth.Linux;
using Berth.Monitor;
using Berth.Runtime.Monitor.Logs;

namespace Berth.Runtime.Monitor;

/// <summary>Our side of a process's stdio: pipes, or the master of its terminal, whose output is all stdout.</summary>
internal sealed class ProcessStreams
{
    private readonly FileDescriptor? _terminal;

    internal ProcessStreams(EventLoop loop, OutputBuffer buffer, LogWriter? log, ProcessPipes pipes, FileDescriptor? terminal)
    {
        _terminal = terminal;
        Output = new ProcessOutput(loop, buffer, log);
        if (terminal is not null)
        {
            Input = new ProcessInput(loop, terminal, isTerminal: true);
            Output.Add(terminal, FrameKind.Stdout);
        }

        if (pipes.Stdin is { } stdin)
        {
            Input = new ProcessInput(loop, stdin, isTerminal: false);
            pipes.Stdin = null;
        }

        if (pipes.Stdout is { } stdout)
        {
            Output.Add(stdout, FrameKind.Stdout);
            pipes.Stdout = null;
        }

        if (pipes.Stderr is { } stderr)
        {
            Output.Add(stderr, FrameKind.Stderr);
            pipes.Stderr = null;
        }
    }

    /// <summary>Null where the process reads from /dev/null.</summary>
    internal ProcessInput? Input { get; }

    internal ProcessOutput Output { get; }

    /// <returns>False where there is no terminal (any more).</returns>
    internal bool TryResize(TerminalSize size)
    {
        if (_terminal is not { IsClosed: false })
        {
            return false;
        }

        Linux.Terminals.Terminal.SetSize(_terminal, size.Rows, size.Columns);
        return true;
    }

    /// <summary>The process has ended: takes what it left, and closes everything.</summary>
    /// <remarks>
    /// All that the process wrote is in the pipes when it has ended, so nothing is waited for. A grandchild that still holds them
    /// (of an exec; a container's own are dead with it) does not hold up the exit, and what it writes later is lost; Docker
    /// gives it two seconds.
    /// </remarks>
    internal void End()
    {
        Output.Drain();
        Input?.Close();
        Output.Close();
    }
}
