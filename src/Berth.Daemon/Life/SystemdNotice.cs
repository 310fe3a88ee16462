using System.Net.Sockets;
using System.Text;

namespace Berth.Daemon.Life;

/// <summary>Tells systemd, where it asked for it, how far the daemon is (sd_notify(3)).</summary>
static class SystemdNotice
{
    public static void Ready() => Notify("READY=1");

    public static void Stopping() => Notify("STOPPING=1");

    private static void Notify(string state)
    {
        var path = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");
        if (string.IsNullOrEmpty(path))
        {
            return;
        }

        // '@' stands for the zero byte of the abstract namespace.
        var address = path[0] == '@' ? '\0' + path[1..] : path;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.SendTo(Encoding.ASCII.GetBytes(state), new UnixDomainSocketEndPoint(address));
        }
        catch (SocketException)
        {
            // A manager that does not listen is no reason to stop.
        }
    }
}
