namespace Berth.Linux.Native;

/// <summary>Options of sockets: sys/socket.h, netinet/in.h</summary>
internal static class LinuxSocket
{
    internal const int SOCK_RAW = 3;
    internal const int SOCK_DGRAM = 2;
    internal const int MSG_TRUNC = 0x20;
    internal const int SHUT_RDWR = 2;
    internal const int SOL_SOCKET = 1;
    internal const int SO_REUSEADDR = 2;
    internal const int SO_RCVTIMEO = 20;
    internal const int SO_SNDBUFFORCE = 32;
    internal const int SO_RCVBUFFORCE = 33;
    internal const int IPPROTO_IPV6 = 41;
    internal const int IPV6_V6ONLY = 26;
}

/// <summary>sys/time.h</summary>
internal struct timeval
{
    internal nint tv_sec;
    internal nint tv_usec;
}
