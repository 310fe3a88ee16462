using System.Net;
using System.Net.Sockets;

namespace Berth.Engine.Networks;

/// <summary>Reads addresses as Docker's users write them: an IPv4 address has four decimal numbers, and no older form is taken.</summary>
internal static class AddressText
{
    internal static IPAddress? Parse(string text) =>
        IPAddress.TryParse(text, out var address) && (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text) ? address : null;
}
