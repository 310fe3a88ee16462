using System.Globalization;
using System.Text;
using Berth.Linux.Descriptors;
using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Linux.Native;

namespace Berth.Linux.Namespaces;

/// <summary>
/// A mount namespace that is held open: another process's, or one of our own in which nobody lives. What was opened inside is used
/// from outside by its descriptor, and sees the mounts as long as this is held.
/// </summary>
public sealed class MountNamespace : IDisposable
{
    private readonly FileDescriptor _descriptor;

    private MountNamespace(FileDescriptor descriptor) => _descriptor = descriptor;

    /// <summary>The namespace of a process, and the process's root in it.</summary>
    /// <param name="pid">The process.</param>
    /// <param name="cgroup">A part of the path of its cgroup, by which it is known to be no later process with the same number.</param>
    /// <returns>Null where there is no such process.</returns>
    public static (MountNamespace Namespace, RootDirectory Root)? OfProcess(int pid, string cgroup)
    {
        try
        {
            // All through one descriptor: it stands for this very process, and fails when that has ended.
            using var process = RootDirectory.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}"));
            using (var file = Open(process.Descriptor, "cgroup", Libc.O_RDONLY))
            {
                var text = new byte[16 * 1024];
                if (DescriptorStream.Read(file, text, out var length) is not Transfer.Done
                    || !Encoding.UTF8.GetString(text, 0, length).Contains(cgroup, StringComparison.Ordinal))
                {
                    return null;
                }
            }

            var root = Open(process.Descriptor, "root", Libc.O_PATH | Arch.O_DIRECTORY);
            try
            {
                return (new MountNamespace(Open(process.Descriptor, "ns/mnt", Libc.O_RDONLY)), new RootDirectory(root));
            }
            catch
            {
                root.Dispose();
                throw;
            }
        }
        catch (LinuxException e) when (e.Errno is Errno.ENOENT or Errno.ESRCH)
        {
            return null;
        }
    }

    /// <summary>Makes a namespace as a copy of this process's, for mounts that nobody else is to see, and runs code in it that mounts and opens what is needed. The code must not wait.</summary>
    public static (MountNamespace Namespace, T Result) Make<T>(Func<T> code) => OnOwnThread(() =>
    {
        // What is unmounted outside goes away here, too; nothing gets out.
        MountTree.SetPropagation("/", MountPropagation.Slave, recursive: true);
        var descriptor = OpenFile.Read("/proc/thread-self/ns/mnt");
        try
        {
            return (new MountNamespace(descriptor), code());
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    });

    /// <summary>Copies one mount of this namespace, without those that stand in it, to be used from outside.</summary>
    public DetachedMount Clone(RootDirectory mount) => OnOwnThread(() =>
    {
        // The kernel copies only mounts of the namespace that it is asked from.
        Namespace.Join(_descriptor, NamespaceKinds.Mount);
        return DetachedMount.Clone(mount.Descriptor, recursive: false);
    });

    public void Dispose() => _descriptor.Dispose();

    /// <summary>
    /// Runs code on a thread of its own in a copy of this process's mount namespace; the thread ends there: unshare(2) of mounts
    /// moves a single thread, and one of the pool must not be moved.
    /// </summary>
    private static T OnOwnThread<T>(Func<T> code)
    {
        var made = new Task<T>(() =>
        {
            Namespace.Unshare(NamespaceKinds.Mount);
            return code();
        });
        var thread = new Thread(made.RunSynchronously, 256 * 1024) { IsBackground = true, Name = "mounts" };
        thread.Start();
        return made.GetAwaiter().GetResult();
    }

    private static FileDescriptor Open(FileDescriptor process, string name, int flags)
    {
        var descriptor = new FileDescriptor(Libc.openat(process.Number, name, flags | Libc.O_CLOEXEC, 0));
        return descriptor.IsInvalid ? throw LinuxException.FromLastError("open", name) : descriptor;
    }
}
