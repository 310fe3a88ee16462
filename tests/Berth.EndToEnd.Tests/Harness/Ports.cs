using System.Net;
using System.Net.Sockets;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>
/// Ports of this machine that the kernel gives nobody by itself: one of its ephemeral range (ip_local_port_range) may be the source of
/// somebody's connection by the time that it is used.
/// </summary>
public static class Ports
{
    private const int First = 12_000;
    private const int Last = 31_999;

    // Test processes that run at the same time begin at different places.
    private static int _next = Environment.ProcessId * 97;

    /// <summary>A port that nothing on this machine uses at the moment, and that nobody else in this process is given.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % (Last - First + 1));
            if (IsFree(SocketType.Stream, ProtocolType.Tcp, port) && IsFree(SocketType.Dgram, ProtocolType.Udp, port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(SocketType type, ProtocolType protocol, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
