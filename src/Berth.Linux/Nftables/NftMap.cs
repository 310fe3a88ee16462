namespace Berth.Linux.Nftables;

/// <summary>Types of values, with the numbers by which nft knows how to print them (libnftables, enum datatypes).</summary>
public enum NftType
{
    IPv4Address = 7,
    Protocol = 12,
    Port = 13,
}

/// <summary>A map to be made, from one concatenation of values to another; each value takes four bytes.</summary>
public sealed record NftMap(string Name, IReadOnlyList<NftType> Key, IReadOnlyList<NftType> Data);

/// <summary>An element of a map: its key and its value, as bytes.</summary>
public sealed record NftElement(byte[] Key, byte[] Data);
