using System.Text;
using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>The names of the UTS namespace that this process is in.</summary>
public static unsafe class HostName
{
    public static void Set(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        fixed (byte* pointer = bytes)
        {
            if (Libc.sethostname(pointer, (nuint)bytes.Length) != 0)
            {
                throw LinuxException.FromLastError("sethostname", name);
            }
        }
    }

    public static void SetDomain(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        fixed (byte* pointer = bytes)
        {
            if (Libc.setdomainname(pointer, (nuint)bytes.Length) != 0)
            {
                throw LinuxException.FromLastError("setdomainname", name);
            }
        }
    }
}
