namespace Berth.Linux.Tests.Netlink;

/// <summary>Bytes as a reader of a hex dump writes them: blanks and line ends mean nothing, a "#" starts a comment.</summary>
internal static class NetlinkBytes
{
    internal static void AreEqual(string expected, byte[] actual)
    {
        var text = string.Concat(expected.Split('\n').Select(l => l.Split('#')[0])).Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal(text, Convert.ToHexStringLower(actual));
    }
}
