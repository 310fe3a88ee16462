using Berth.Linux.Native;

namespace Berth.Linux.Nftables;

/// <summary>Where on its way through the host a packet meets a chain.</summary>
public enum NftHook
{
    Prerouting = LinuxNfTables.NF_INET_PRE_ROUTING,
    Input = LinuxNfTables.NF_INET_LOCAL_IN,
    Forward = LinuxNfTables.NF_INET_FORWARD,
    Output = LinuxNfTables.NF_INET_LOCAL_OUT,
    Postrouting = LinuxNfTables.NF_INET_POST_ROUTING,
}

/// <summary>A base chain to be made; a packet that none of its rules decides on is accepted.</summary>
/// <param name="Name">The chain's name.</param>
/// <param name="Type">filter or nat.</param>
/// <param name="Hook">Where packets meet it.</param>
/// <param name="Priority">Its place among the chains of the same hook: lower comes first.</param>
public sealed record NftChain(string Name, string Type, NftHook Hook, int Priority);

/// <summary>A chain that exists, of any program.</summary>
/// <param name="Table">The table that it is in.</param>
/// <param name="Name">Its name.</param>
/// <param name="PolicyDrop">A base chain that drops a packet that none of its rules decides on.</param>
public sealed record NftChainFacts(string Table, string Name, bool PolicyDrop);

/// <summary>A rule that exists, of any program.</summary>
public sealed record NftRuleFacts(ulong Handle, string? Comment);
