using System.Globalization;

namespace Berth.Daemon.Life;

/// <summary>Groups of this machine, as /etc/group lists them.</summary>
static class UserGroup
{
    /// <summary>The id of a group that is given by name or by number; null where there is none.</summary>
    public static uint? TryFind(string group)
    {
        if (File.Exists("/etc/group"))
        {
            foreach (var line in File.ReadLines("/etc/group"))
            {
                // berth:x:999:alice,bob
                var fields = line.Split(':');
                if (fields.Length > 2 && fields[0] == group && uint.TryParse(fields[2], CultureInfo.InvariantCulture, out var id))
                {
                    return id;
                }
            }
        }

        return uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
