using System.Globalization;
using System.Text;
using Berth.Linux;
using Berth.Linux.Files;
using Berth.Oci.Runtime;
using Microsoft.Win32.SafeHandles;

namespace Berth.Engine.Containers.Users;

/// <summary>
/// Finds a user and its groups in a container's own passwd and group files, by Docker's rules: a name or number, with a group or
/// without. The files come from an image, so neither their kind nor their size is trusted.
/// </summary>
internal static class UserLookup
{
    /// <summary>Files beyond this are read no further: no honest one is that long.</summary>
    private const int SizeLimit = 4 << 20;

    /// <param name="root">The container's root.</param>
    /// <param name="user">user[:group]; empty: root.</param>
    /// <param name="moreGroups">--group-add.</param>
    public static OciUser Resolve(RootDirectory root, string user, IReadOnlyList<string>? moreGroups)
    {
        var parts = user.Split(':', 2);
        var (userName, groupName) = (parts[0], parts.Length > 1 ? parts[1] : "");
        var uidGiven = TryId(userName, out var uid);
        string? matchedName = null;
        uint gid = 0;
        var account = Lines(root, "/etc/passwd").Select(Account.TryParse)
            .FirstOrDefault(a => a is not null && (userName.Length == 0 ? a.Uid == 0 : uidGiven ? a.Uid == uid : a.Name == userName));
        if (account is not null)
        {
            (matchedName, uid, gid) = (account.Name, account.Uid, account.Gid);
        }
        else if (userName.Length > 0 && !uidGiven)
        {
            throw ContainerErrors.UnknownUser(userName);
        }

        IReadOnlyList<Group> groups = groupName.Length > 0 || matchedName is not null || moreGroups is { Count: > 0 }
            ? [.. Lines(root, "/etc/group").Select(Group.TryParse).OfType<Group>()]
            : [];
        IEnumerable<uint> supplementary = [];
        if (groupName.Length > 0)
        {
            gid = Find(groups, groupName) ?? throw ContainerErrors.UnknownGroup(groupName);
        }
        else if (matchedName is not null)
        {
            supplementary = groups.Where(g => g.Members.Contains(matchedName)).Select(g => g.Gid);
        }

        // The group itself is one of them, so that setgroups does not take away what the file modes grant it (CVE-2022-36109).
        var added = (moreGroups ?? []).Select(name =>
            Find(groups, name) ?? throw ContainerErrors.Invalid($"Unable to find group {name}: no matching entries in group file"));
        return new OciUser { Uid = uid, Gid = gid, AdditionalGids = [.. supplementary.Prepend(gid).Concat(added).Distinct()] };
    }

    private static uint? Find(IReadOnlyList<Group> groups, string nameOrId) =>
        TryId(nameOrId, out var id) ? id : groups.FirstOrDefault(g => g.Name == nameOrId)?.Gid;

    private static bool TryId(string text, out uint id) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id)
        && (id <= int.MaxValue ? true : throw ContainerErrors.Invalid("uids and gids must be in range 0-2147483647"));

    private static string[] Lines(RootDirectory root, string path)
    {
        FileDescriptor? file;
        try
        {
            file = root.TryOpenRead(path);
        }
        catch (LinuxException e) when (e.Errno is Errno.ELOOP or Errno.ENXIO or Errno.EACCES)
        {
            return [];
        }

        using (file)
        {
            return file is not null && FileStatus.Of(file).IsRegular ? Read(file) : [];
        }
    }

    private static string[] Read(FileDescriptor file)
    {
        using var handle = new SafeFileHandle(file.Number, ownsHandle: false);
        var content = new byte[Math.Min(RandomAccess.GetLength(handle), SizeLimit)];
        var length = 0;
        while (length < content.Length && RandomAccess.Read(handle, content.AsSpan(length), length) is > 0 and var count)
        {
            length += count;
        }

        return Encoding.UTF8.GetString(content, 0, length).Split('\n');
    }

    private sealed record Account(string Name, uint Uid, uint Gid)
    {
        public static Account? TryParse(string line) =>
            line.Split(':') is [{ Length: > 0 } name, _, var uid, var gid, ..] && TryNumber(uid, out var user) && TryNumber(gid, out var group)
                ? new Account(name, user, group)
                : null;
    }

    private sealed record Group(string Name, uint Gid, string[] Members)
    {
        public static Group? TryParse(string line) =>
            line.Split(':') is [{ Length: > 0 } name, _, var gid, .. var rest] && TryNumber(gid, out var group)
                ? new Group(name, group, rest is [var members, ..] ? members.Split(',', StringSplitOptions.TrimEntries) : [])
                : null;
    }

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
