namespace Berth.Linux.Mounts;

/// <summary>The mounts that this process sees (proc_pid_mountinfo(5)).</summary>
public static class MountTable
{
    /// <summary>Where file systems of these types are mounted as a whole, not only a part of them; the mount that was made last comes first.</summary>
    public static IReadOnlyList<string> FindWhole(params ReadOnlySpan<string> types)
    {
        var places = new List<string>();
        foreach (var line in File.ReadLines("/proc/self/mountinfo"))
        {
            if (TryParse(line, out var root, out var place, out var type) && root == "/" && types.Contains(type))
            {
                places.Insert(0, place);
            }
        }

        return places;
    }

    /// <summary>36 35 98:0 /root /place rw,noatime shared:1 - ext3 /dev/sda rw: the tagged fields before the dash are of any number.</summary>
    internal static bool TryParse(string line, out string root, out string place, out string type)
    {
        (root, place, type) = ("", "", "");
        var fields = line.Split(' ');
        var dash = Array.IndexOf(fields, "-");
        if (dash < 6 || dash + 1 >= fields.Length)
        {
            return false;
        }

        (root, place, type) = (Decode(fields[3]), Decode(fields[4]), fields[dash + 1]);
        return true;
    }

    // Space, tab, newline and backslash stand as \040 and so on.
    private static string Decode(string field)
    {
        var text = field;
        foreach (var (code, character) in (ReadOnlySpan<(string, string)>)[(@"\040", " "), (@"\011", "\t"), (@"\012", "\n"), (@"\134", @"\")])
        {
            text = text.Replace(code, character, StringComparison.Ordinal);
        }

        return text;
    }
}
