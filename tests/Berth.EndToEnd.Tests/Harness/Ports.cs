using System.Net;
using System.Net.Sockets;

namespace Berth.EndToEnd.Tests.Harness;

public static class Ports
{
    /// <summary>A TCP port that nothing on this machine uses at the moment.</summary>
    public static int Free()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
