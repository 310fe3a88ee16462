using Berth.Linux.Files;

namespace Berth.Engine.Containers.Files;

/// <summary>Type and permissions of a file as Go's os.FileMode counts them, which the API shows.</summary>
internal static class GoFileMode
{
    private const uint Directory = 1u << 31;
    private const uint SymbolicLink = 1 << 27;
    private const uint Device = 1 << 26;
    private const uint Pipe = 1 << 25;
    private const uint Socket = 1 << 24;
    private const uint SetUser = 1 << 23;
    private const uint SetGroup = 1 << 22;
    private const uint CharacterDevice = 1 << 21;
    private const uint Sticky = 1 << 20;

    public static uint Of(TreeStatus status)
    {
        var type = status.IsDirectory ? Directory
            : status.IsSymbolicLink ? SymbolicLink
            : status.IsCharacterDevice ? Device | CharacterDevice
            : status.IsBlockDevice ? Device
            : status.IsPipe ? Pipe
            : status.IsSocket ? Socket
            : 0;
        var permissions = status.Permissions;
        return type | (permissions & 0x1FF)
            | ((permissions & 0x800) != 0 ? SetUser : 0)
            | ((permissions & 0x400) != 0 ? SetGroup : 0)
            | ((permissions & 0x200) != 0 ? Sticky : 0);
    }
}
