using System.Text;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>The head of an HTTP message, as text.</summary>
public static class HttpHead
{
    /// <returns>Null for what is no HTTP, such as the beginning of TLS.</returns>
    public static async Task<string?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, cancellationToken) == 0 || (head.Count == 0 && one[0] < ' '))
            {
                return null;
            }

            head.Add(one[0]);
        }

        return Encoding.Latin1.GetString([.. head]);
    }
}
