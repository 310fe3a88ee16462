using System.Globalization;
using System.Text;
using Berth.Linux.Native;

namespace Berth.Linux.Mounts;

/// <summary>A mount of this process's mount namespace (proc_pid_mountinfo(5)).</summary>
/// <param name="Path">Where it is.</param>
/// <param name="IsShared">Mounts below it show in its peers, and theirs in it.</param>
/// <param name="IsSlave">Mounts below its master show in it.</param>
public sealed record MountPoint(string Path, bool IsShared, bool IsSlave)
{
    /// <summary>The mount that a file is on; links in its path are followed.</summary>
    public static MountPoint Of(string path)
    {
        using var file = new FileDescriptor(Libc.open(path, Libc.O_PATH | Libc.O_CLOEXEC));
        if (file.IsInvalid)
        {
            throw LinuxException.FromLastError("open", path);
        }

        var link = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.Number}");
        var real = File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName ?? path;
        return Find(File.ReadAllLines("/proc/self/mountinfo"), real);
    }

    /// <summary>The deepest mount that a path lies on; of several at one place the last, which covers the others.</summary>
    internal static MountPoint Find(IEnumerable<string> mountInfo, string path)
    {
        var found = new MountPoint("/", false, false);
        foreach (var line in mountInfo)
        {
            // 36 35 98:0 /root /mount/point rw,noatime shared:1 master:2 - type source options
            var fields = line.Split(' ');
            var point = Unescape(fields[4]);
            if (point.Length >= found.Path.Length && (point == "/" || path == point || path.StartsWith(point + "/", StringComparison.Ordinal)))
            {
                var optional = fields.Skip(6).TakeWhile(f => f != "-").ToList();
                found = new MountPoint(point, Has("shared:"), Has("master:"));

                bool Has(string name) => optional.Exists(f => f.StartsWith(name, StringComparison.Ordinal));
            }
        }

        return found;
    }

    // Blanks, line ends and backslashes are written in octal, byte by byte.
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length)
            {
                result.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }
}
