namespace Berth.Archives.Tar;

/// <summary>What an entry makes; the formats' many letters for the same are already folded.</summary>
public enum TarEntryType
{
    File,
    HardLink,
    SymbolicLink,
    CharacterDevice,
    BlockDevice,
    Directory,
    Fifo,
}
