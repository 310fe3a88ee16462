using System.Globalization;
using System.Text;
using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Files;

namespace Berth.Runtime.Processes;

/// <summary>The users of this process's root (passwd(5)). It comes with an image, so nothing in it is taken for granted.</summary>
internal static class PasswordFile
{
    // Of most: more is read into memory that a new process would have to ask for.
    private const int UsualLength = 1024;
    private const int MaxLength = 1024 * 1024;
    private const int UserField = 2;
    private const int HomeField = 5;

    /// <returns>The user's home directory; null where the file does not say.</returns>
    internal static string? FindHome(uint user)
    {
        Span<byte> usual = stackalloc byte[UsualLength];
        for (var rest = Read(usual); !rest.IsEmpty;)
        {
            var line = TakeUntil(ref rest, (byte)'\n');
            if (uint.TryParse(Field(line, UserField), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id == user && HasField(line, HomeField))
            {
                return Field(line, HomeField) is { IsEmpty: false } home ? Encoding.UTF8.GetString(home) : null;
            }
        }

        return null;
    }

    private static bool HasField(ReadOnlySpan<byte> line, int index) => line.Count((byte)':') >= index;

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int index)
    {
        for (; index > 0; index--)
        {
            TakeUntil(ref line, (byte)':');
        }

        return TakeUntil(ref line, (byte)':');
    }

    private static ReadOnlySpan<byte> TakeUntil(scoped ref ReadOnlySpan<byte> rest, byte end)
    {
        var length = rest.IndexOf(end);
        var taken = length < 0 ? rest : rest[..length];
        rest = length < 0 ? [] : rest[(length + 1)..];
        return taken;
    }

    /// <param name="buffer">Where it is read to, if it is not longer.</param>
    private static ReadOnlySpan<byte> Read(Span<byte> buffer)
    {
        const string path = "/etc/passwd";
        try
        {
            // No using statements: they call an interface's method, for which a child has to look. What stays open here execve closes.
            var root = RootDirectory.Open("/");
            var file = root.TryOpenRead(path);
            root.Dispose();
            if (file is null || !FileStatus.Of(file).IsRegular)
            {
                return [];
            }

            var length = 0;
            while (DescriptorStream.Read(file, buffer[length..], out var count) is Transfer.Done)
            {
                length += count;
                if (length == buffer.Length)
                {
                    if (length >= MaxLength)
                    {
                        break;
                    }

                    var longer = new byte[length * 4];
                    buffer.CopyTo(longer);
                    buffer = longer;
                }
            }

            file.Dispose();
            return buffer[..length];
        }
        catch (LinuxException)
        {
            // An unreadable file is as good as none: HOME is then "/".
            return [];
        }
    }
}
