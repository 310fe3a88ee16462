namespace Berth.Runtime.Tests;

/// <summary>A root file system with busybox and little else, made once for all tests of a run and never written to: containers get it read-only or below an overlay.</summary>
internal static class BusyboxRoot
{
    private static readonly Lazy<string> _path = new(Make);

    /// <summary>The root's path. Skips the test where it, the runtime or the right to make containers is missing.</summary>
    internal static string Path
    {
        get
        {
            Assert.SkipUnless(Environment.UserName == "root", "only root can make containers");
            Assert.SkipUnless(File.Exists(RuntimeBinary.Path), $"no runtime at {RuntimeBinary.Path} (./build publish makes it)");
            Assert.SkipWhen(Busybox is null, "no busybox (Debian: busybox-static)");
            return _path.Value;
        }
    }

    private static string? Busybox => new[] { "/bin/busybox", "/usr/bin/busybox" }.FirstOrDefault(File.Exists);

    private static string Make()
    {
        var root = Directory.CreateTempSubdirectory("berth-runtime-root-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        foreach (var name in new[] { "bin", "dev", "etc", "proc", "root", "sys", "tmp" })
        {
            Directory.CreateDirectory(System.IO.Path.Combine(root, name));
        }

        File.Copy(Busybox!, System.IO.Path.Combine(root, "bin/busybox"));
        foreach (var applet in new[]
        {
            "cat", "chmod", "dd", "echo", "env", "false", "grep", "head", "hostname", "id", "ls", "mkdir", "mount", "mv", "nproc", "ps", "pwd", "readlink",
            "mknod", "rm", "sh", "sleep", "stat", "stty", "test", "touch", "true", "tty", "umount", "wc",
        })
        {
            File.CreateSymbolicLink(System.IO.Path.Combine(root, "bin", applet), "busybox");
        }

        // Other users than root go in there too.
        File.SetUnixFileMode(root, (UnixFileMode)0b111_101_101);
        File.WriteAllText(System.IO.Path.Combine(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nworker:x:1000:1000::/home/worker:/bin/sh\n");
        return root;
    }
}
