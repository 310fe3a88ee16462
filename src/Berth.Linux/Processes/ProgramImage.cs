using System.Runtime.InteropServices;
using System.Text;
using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>Arguments and environment of a program in the kernel's form, made ahead of execve(2).</summary>
/// <remarks>
/// All of it: to execute takes no memory, for which a seccomp filter might not let the process ask. It is the collector's memory, of
/// which a cloned child has some at hand; the C library's would be pages to copy.
/// </remarks>
public sealed unsafe class ProgramImage
{
    private readonly Strings _arguments;
    private readonly Strings _environment;

    public ProgramImage(ReadOnlySpan<string> arguments, ReadOnlySpan<string> environment)
    {
        _arguments = new Strings(arguments);
        _environment = new Strings(environment);
    }

    /// <summary>Replaces this process's program. It returns only where that fails.</summary>
    public Errno Execute(string path)
    {
        var bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        bytes[Encoding.UTF8.GetBytes(path, new Span<byte>(bytes, Encoding.UTF8.GetMaxByteCount(path.Length)))] = 0;
        return Execute(bytes, null);
    }

    /// <summary>Replaces this process's program by an open file. It returns only where that fails.</summary>
    public Errno Execute(FileDescriptor file)
    {
        byte empty = 0;
        return Execute(&empty, file);
    }

    private Errno Execute(byte* path, FileDescriptor? file)
    {
        fixed (byte* arguments = _arguments.Bytes, environment = _environment.Bytes)
        fixed (nint* argv = _arguments.PointersFrom(arguments), envp = _environment.PointersFrom(environment))
        {
            // Not execveat for both: a seccomp filter may know only the one that everybody uses.
            _ = file is null
                ? Libc.execve(path, (byte**)argv, (byte**)envp)
                : (int)Libc.execveat(Arch.SYS_execveat, file.Number, path, (byte**)argv, (byte**)envp, Libc.AT_EMPTY_PATH);
            return (Errno)Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Strings one after the other, each ended by a zero.</summary>
    private readonly struct Strings
    {
        private readonly int[] _starts;
        private readonly nint[] _pointers;

        internal Strings(ReadOnlySpan<string> values)
        {
            var length = values.Length;
            foreach (var value in values)
            {
                length += Encoding.UTF8.GetByteCount(value);
            }

            Bytes = new byte[length];
            _starts = new int[values.Length];
            _pointers = new nint[values.Length + 1];
            for (int i = 0, next = 0; i < values.Length; i++, next++)
            {
                _starts[i] = next;
                next += Encoding.UTF8.GetBytes(values[i], Bytes.AsSpan(next));
            }
        }

        internal byte[] Bytes { get; }

        /// <returns>Where each string begins, when the first is at <paramref name="start"/>, and a null after the last.</returns>
        internal nint[] PointersFrom(byte* start)
        {
            for (var i = 0; i < _starts.Length; i++)
            {
                _pointers[i] = (nint)(start + _starts[i]);
            }

            return _pointers;
        }
    }
}
