using System.Runtime.InteropServices;
using System.Text;
using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>Arguments and environment of a program in the kernel's form, made ahead of execve(2).</summary>
public sealed unsafe class ProgramImage : IDisposable
{
    private readonly byte** _arguments;
    private readonly byte** _environment;

    public ProgramImage(IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        _arguments = Strings(arguments);
        _environment = Strings(environment);
    }

    /// <summary>Replaces this process's program. It returns only where that fails.</summary>
    public Errno Execute(string path)
    {
        var bytes = stackalloc byte[Encoding.UTF8.GetMaxByteCount(path.Length) + 1];
        bytes[Encoding.UTF8.GetBytes(path, new Span<byte>(bytes, Encoding.UTF8.GetMaxByteCount(path.Length)))] = 0;
        _ = Libc.execve(bytes, _arguments, _environment);
        return (Errno)Marshal.GetLastPInvokeError();
    }

    /// <summary>Replaces this process's program by an open file. It returns only where that fails.</summary>
    public Errno Execute(FileDescriptor file)
    {
        byte empty = 0;
        _ = Libc.execveat(Arch.SYS_execveat, file.Number, &empty, _arguments, _environment, Libc.AT_EMPTY_PATH);
        return (Errno)Marshal.GetLastPInvokeError();
    }

    public void Dispose()
    {
        NativeMemory.Free(_arguments);
        NativeMemory.Free(_environment);
    }

    // One block: the array of pointers, then the bytes that they point to.
    private static byte** Strings(IReadOnlyList<string> values)
    {
        var pointers = ((nuint)values.Count + 1) * (nuint)sizeof(byte*);
        var length = pointers;
        foreach (var value in values)
        {
            length += (nuint)Encoding.UTF8.GetByteCount(value) + 1;
        }

        var block = (byte*)NativeMemory.Alloc(length);
        var array = (byte**)block;
        var next = block + pointers;
        for (var i = 0; i < values.Count; i++)
        {
            array[i] = next;
            next += Encoding.UTF8.GetBytes(values[i], new Span<byte>(next, (int)(block + length - next)));
            *next++ = 0;
        }

        array[values.Count] = null;
        return array;
    }
}
