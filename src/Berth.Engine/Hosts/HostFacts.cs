using System.Globalization;
using System.Runtime.InteropServices;

namespace Berth.Engine.Hosts;

/// <summary>What the engine tells about the machine that it runs on.</summary>
public static class HostFacts
{
    /// <summary>As of uname -r.</summary>
    public static string KernelVersion { get; } = FirstLine("/proc/sys/kernel/osrelease");

    public static string Name => FirstLine("/proc/sys/kernel/hostname");

    /// <summary>The distribution's name with its version, for people.</summary>
    public static string OperatingSystem => OsRelease("PRETTY_NAME") ?? "Linux";

    public static string OperatingSystemVersion => OsRelease("VERSION_ID") ?? "";

    /// <summary>The architecture as uname calls it: x86_64.</summary>
    public static string Machine { get; } = RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "x86_64",
        System.Runtime.InteropServices.Architecture.Arm64 => "aarch64",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>The architecture as images call it: amd64.</summary>
    public static string Architecture { get; } = RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>Bytes of memory.</summary>
    public static long Memory
    {
        get
        {
            // "MemTotal:       16384256 kB"
            var line = File.ReadLines("/proc/meminfo").FirstOrDefault(l => l.StartsWith("MemTotal:", StringComparison.Ordinal));
            var kilobytes = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1);
            return long.TryParse(kilobytes, CultureInfo.InvariantCulture, out var n) ? n * 1024 : 0;
        }
    }

    public static bool ForwardsIPv4 => FirstLine("/proc/sys/net/ipv4/ip_forward") == "1";

    /// <summary>The type of the filesystem that holds a directory, such as ext4.</summary>
    public static string FilesystemOf(string directory)
    {
        // "/dev/vda / ext4 rw 0 0"; of nested mounts the one with the longest path holds it.
        return File.ReadLines("/proc/self/mounts")
            .Select(line => line.Split(' '))
            .Where(fields => fields.Length > 2 && IsWithin(directory, fields[1]))
            .MaxBy(fields => fields[1].Length)?[2] ?? "unknown";

        static bool IsWithin(string path, string mount) =>
            mount == "/" || path == mount || path.StartsWith(mount + "/", StringComparison.Ordinal);
    }

    private static string? OsRelease(string key)
    {
        var path = File.Exists("/etc/os-release") ? "/etc/os-release" : "/usr/lib/os-release";
        var line = File.Exists(path)
            ? File.ReadLines(path).FirstOrDefault(l => l.StartsWith(key + "=", StringComparison.Ordinal))
            : null;
        return line?[(key.Length + 1)..].Trim('"', '\'');
    }

    private static string FirstLine(string path) => File.Exists(path) ? File.ReadLines(path).FirstOrDefault() ?? "" : "";
}
