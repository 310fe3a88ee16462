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
    public static (MountNamespace Namespace, T Result) Make<T>(Func<T> code)
    {
        // A thread of its own, which ends inside: unshare(2) of mounts moves a single thread, and one of the pool must not be moved.
        var made = new Task<(MountNamespace, T)>(() =>
        {
            Namespace.Unshare(NamespaceKinds.Mount);

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
        var thread = new Thread(made.RunSynchronously, 256 * 1024) { IsBackground = true, Name = "mounts" };
        thread.Start();
        return made.GetAwaiter().GetResult();
    }

    public void Dispose() => _descriptor.Dispose();

    private static FileDescriptor Open(FileDescriptor process, string name, int flags)
    {
        var descriptor = new FileDescriptor(Libc.openat(process.Number, name, flags | Libc.O_CLOEXEC, 0));
        return descriptor.IsInvalid ? throw LinuxException.FromLastError("open", name) : descriptor;
    }
}
