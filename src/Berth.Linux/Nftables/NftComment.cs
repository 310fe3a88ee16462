using System.Text;

namespace Berth.Linux.Nftables;

/// <summary>A rule's comment in its user data, in the form of libnftnl: type (0), length, text with the zero that ends it.</summary>
internal static class NftComment
{
    private const byte CommentType = 0;

    internal static byte[] Encode(string comment)
    {
        var text = Encoding.UTF8.GetBytes(comment + '\0');
        return [CommentType, checked((byte)text.Length), .. text];
    }

    /// <returns>Null where there is none.</returns>
    internal static string? Decode(ReadOnlySpan<byte> userData)
    {
        while (userData.Length >= 2 && userData.Length >= 2 + userData[1])
        {
            if (userData[0] == CommentType)
            {
                return Encoding.UTF8.GetString(userData.Slice(2, userData[1]).TrimEnd((byte)0));
            }

            userData = userData[(2 + userData[1])..];
        }

        return null;
    }
}
