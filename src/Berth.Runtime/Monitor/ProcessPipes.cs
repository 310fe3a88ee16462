using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Monitor;

/// <summary>The pipes of a process that is about to be made, both ends: the process's go to it and are closed here, ours stay.</summary>
internal sealed class ProcessPipes : IDisposable
{
    private FileDescriptor? _stdinRead;
    private FileDescriptor? _stdoutWrite;
    private FileDescriptor? _stderrWrite;

    private ProcessPipes(ProcessStdio stdio) => Stdio = stdio;

    /// <summary>What the process is given.</summary>
    internal ProcessStdio Stdio { get; private set; }

    /// <summary>Our ends; each is the taker's, who sets it to null.</summary>
    internal FileDescriptor? Stdin { get; set; }

    internal FileDescriptor? Stdout { get; set; }

    internal FileDescriptor? Stderr { get; set; }

    /// <summary>No pipes: the process gets a terminal.</summary>
    internal static ProcessPipes OfTerminal(ProcessStdio stdio) => new(stdio);

    /// <summary>A pipe for each stream that is wanted; the others are /dev/null.</summary>
    internal static ProcessPipes Open(bool stdin, bool stdout, bool stderr)
    {
        var pipes = new ProcessPipes(new ProcessStdio());
        try
        {
            if (stdin)
            {
                (pipes._stdinRead, pipes.Stdin) = Pipe.Open();
            }

            if (stdout)
            {
                (pipes.Stdout, pipes._stdoutWrite) = Pipe.Open();
            }

            if (stderr)
            {
                (pipes.Stderr, pipes._stderrWrite) = Pipe.Open();
            }

            pipes.Stdio = new ProcessStdio { Input = pipes._stdinRead, Output = pipes._stdoutWrite, Error = pipes._stderrWrite };
            return pipes;
        }
        catch
        {
            pipes.Dispose();
            throw;
        }
    }

    /// <summary>Closes the process's ends, and those of ours that were not taken.</summary>
    public void Dispose()
    {
        _stdinRead?.Dispose();
        _stdoutWrite?.Dispose();
        _stderrWrite?.Dispose();
        Stdin?.Dispose();
        Stdout?.Dispose();
        Stderr?.Dispose();
    }
}
