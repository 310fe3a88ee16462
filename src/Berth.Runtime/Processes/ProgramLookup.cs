using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Runtime.Processes;

/// <summary>Finds the program that a command names, in this process's root and as its user, with the words of Go's exec.LookPath that Docker's users know.</summary>
internal static class ProgramLookup
{
    private const int NotFound = 127;
    private const int NotExecutable = 126;

    /// <exception cref="StartException">There is none, or it may not be executed.</exception>
    internal static string Find(string command, ReadOnlySpan<string> environment)
    {
        if (command.Contains('/', StringComparison.Ordinal))
        {
            return Check(command) is var error && error is Errno.None ? command : throw Failure(command, error);
        }

        var denied = Errno.None;
        foreach (var directory in SearchPath(environment).Split(':'))
        {
            var candidate = $"{(directory.Length == 0 ? "." : directory)}/{command}";
            var error = Check(candidate);
            if (error is Errno.None)
            {
                return candidate;
            }

            if (error is not (Errno.ENOENT or Errno.ENOTDIR))
            {
                denied = error;
            }
        }

        throw denied is Errno.None || command.Length == 0
            ? StartException.Of("exec", new LinuxException("exec", Errno.ENOENT, command), $"exec: \"{command}\": executable file not found in $PATH", NotFound)
            : Failure(command, denied);
    }

    /// <summary>The failure of execve itself for a program that was found.</summary>
    internal static StartException ExecuteFailure(string path, Errno errno) => StartException.Of(
        "exec",
        new LinuxException("execve", errno, path),
        $"exec {path}: {Words(errno)}",
        errno is Errno.ENOENT ? NotFound : NotExecutable);

    private static Errno Check(string path) =>
        FileStatus.TryOf(path, out var status) is var error && error is not Errno.None ? error
        : status.IsDirectory ? Errno.EISDIR
        : OpenFile.CheckExecutable(path);

    private static StartException Failure(string command, Errno errno) => StartException.Of(
        "exec",
        new LinuxException("exec", errno, command),
        errno is Errno.ENOENT or Errno.ENOTDIR
            ? $"exec: \"{command}\": stat {command}: {Words(errno)}"
            : $"exec: \"{command}\": {Words(errno)}",
        errno is Errno.ENOENT or Errno.ENOTDIR ? NotFound : NotExecutable);

    // Go's sentences are those of strerror, in lower case.
    private static string Words(Errno errno)
    {
        var text = ErrnoText.Of(errno);
        return char.ToLowerInvariant(text[0]) + text[1..];
    }

    private static string SearchPath(ReadOnlySpan<string> environment)
    {
        const string variable = "PATH=";
        foreach (var entry in environment)
        {
            if (entry.StartsWith(variable, StringComparison.Ordinal))
            {
                return entry[variable.Length..];
            }
        }

        return "";
    }
}
