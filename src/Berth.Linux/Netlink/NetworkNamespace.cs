using System.Collections.Concurrent;
using System.Globalization;
using Berth.Linux.Namespaces;
using Berth.Linux.Native;

namespace Berth.Linux.Netlink;

/// <summary>A network namespace, held open. What is opened inside it (a socket, a file under /proc/sys/net) stays there.</summary>
public sealed class NetworkNamespace : IDisposable
{
    /// <summary>
    /// The one thread that visits namespaces: a thread of the pool that fails to come back would serve other requests from the
    /// wrong network.
    /// </summary>
    private static readonly Lazy<BlockingCollection<Task>> _visits = new(StartVisitor);

    private static readonly Lazy<NetworkNamespace> _home = new(OfSelf);

    private NetworkNamespace(FileDescriptor descriptor) => Descriptor = descriptor;

    internal FileDescriptor Descriptor { get; }

    /// <summary>The namespace of a process.</summary>
    public static NetworkNamespace OfProcess(int pid) => Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/ns/net"));

    /// <summary>The namespace of this process.</summary>
    public static NetworkNamespace OfSelf() => Open("/proc/self/ns/net");

    /// <summary>Runs code on a thread that is inside the namespace for that time. The code must be short and must not wait.</summary>
    public T Run<T>(Func<T> code)
    {
        // A task, because it carries a failure back to the caller.
        var visit = new Task<T>(() =>
        {
            Namespace.Join(Descriptor, NamespaceKinds.Network);
            try
            {
                return code();
            }
            finally
            {
                // The thread would keep a container's namespace alive, and with it the container's links.
                Namespace.Join(_home.Value.Descriptor, NamespaceKinds.Network);
            }
        });
        _visits.Value.Add(visit);
        return visit.GetAwaiter().GetResult();
    }

    /// <summary>Opens a netlink socket that acts on this namespace.</summary>
    public NetlinkSocket OpenSocket(NetlinkProtocol protocol) => Run(() => NetlinkSocket.Open(protocol));

    public void Dispose() => Descriptor.Dispose();

    private static NetworkNamespace Open(string path)
    {
        var descriptor = new FileDescriptor(Libc.open(path, Libc.O_RDONLY | Libc.O_CLOEXEC));
        return descriptor.IsInvalid ? throw LinuxException.FromLastError("open", path) : new NetworkNamespace(descriptor);
    }

    private static BlockingCollection<Task> StartVisitor()
    {
        var visits = new BlockingCollection<Task>();
        var thread = new Thread(() =>
        {
            foreach (var visit in visits.GetConsumingEnumerable())
            {
                visit.RunSynchronously();
            }
        })
        {
            IsBackground = true,
            Name = "network namespaces",
        };
        thread.Start();
        return visits;
    }
}
