using System.Globalization;
using System.Text;
using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Files;

namespace Berth.Runtime.Processes;

/// <summary>The users of this process's root (passwd(5)). It comes with an image, so nothing in it is taken for granted.</summary>
internal static class PasswordFile
{
    private const int FirstLength = 8 * 1024;
    private const int MaxLength = 1024 * 1024;

    /// <returns>The user's home directory; null where the file does not say.</returns>
    internal static string? FindHome(uint user)
    {
        foreach (var line in Read().Split('\n'))
        {
            var fields = line.Split(':');
            if (fields.Length >= 6 && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id == user)
            {
                return fields[5].Length == 0 ? null : fields[5];
            }
        }

        return null;
    }

    private static string Read()
    {
        const string path = "/etc/passwd";
        try
        {
            using var root = RootDirectory.Open("/");
            using var file = root.TryOpenRead(path);
            if (file is null || !FileStatus.Of(file).IsRegular)
            {
                return "";
            }

            var buffer = new byte[FirstLength];
            var length = 0;
            while (DescriptorStream.Read(file, buffer.AsSpan(length), out var count) is Transfer.Done)
            {
                length += count;
                if (length == buffer.Length)
                {
                    if (length >= MaxLength)
                    {
                        break;
                    }

                    Array.Resize(ref buffer, length * 2);
                }
            }

            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        catch (LinuxException)
        {
            // An unreadable file is as good as none: HOME is then "/".
            return "";
        }
    }
}
