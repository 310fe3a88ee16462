using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Berth.Engine.Containers;

/// <summary>Names of containers: which are allowed, and those given where a user gives none.</summary>
internal static partial class ContainerNames
{
    private static readonly string[] _adjectives =
    [
        "able", "airy", "amber", "ample", "apt", "azure", "balmy", "bold", "brave", "breezy", "bright", "brisk", "calm", "candid",
        "cheery", "clear", "clever", "coral", "cozy", "crisp", "curious", "daring", "deft", "eager", "earnest", "easy", "fair",
        "faithful", "fearless", "fleet", "fond", "frank", "free", "fresh", "gallant", "gentle", "glad", "golden", "grand", "hale",
        "handy", "happy", "hardy", "hearty", "honest", "humble", "jolly", "keen", "kind", "lively", "loyal", "lucid", "lucky",
        "mellow", "merry", "mighty", "mild", "misty", "modest", "neat", "nimble", "noble", "patient", "placid", "plucky", "polite",
        "proud", "prudent", "quick", "quiet", "ready", "salty", "serene", "sharp", "silver", "sleek", "smooth", "snug", "sober",
        "solid", "spry", "stable", "steady", "stout", "sturdy", "sunny", "sure", "swift", "tidy", "trim", "true", "trusty", "upbeat",
        "vivid", "warm", "wise", "witty", "worthy", "young", "zesty",
    ];

    private static readonly string[] _nouns =
    [
        "anchor", "barge", "barque", "bay", "beacon", "boat", "bollard", "boom", "bosun", "bow", "breaker", "brig", "buoy", "cabin",
        "canal", "canoe", "cape", "capstan", "captain", "cargo", "catamaran", "channel", "chart", "cleat", "clipper", "coast",
        "compass", "coral", "cove", "crane", "crew", "current", "cutter", "deck", "delta", "dinghy", "dock", "dolphin", "dory",
        "estuary", "ferry", "fjord", "fleet", "frigate", "galley", "gannet", "gull", "halyard", "harbour", "haven", "helm", "heron",
        "hull", "inlet", "island", "jetty", "kayak", "keel", "ketch", "lagoon", "lantern", "lighthouse", "lock", "lugger", "mariner",
        "mast", "mooring", "oar", "osprey", "otter", "packet", "pelican", "pier", "pilot", "port", "porpoise", "quay", "raft", "reef",
        "rigging", "rudder", "sail", "schooner", "seal", "sextant", "shoal", "skiff", "sloop", "sound", "spar", "strait", "tern",
        "tide", "tiller", "trawler", "tug", "voyage", "wharf", "winch", "yawl",
    ];

    /// <summary>A name such as brave_schooner; from the third attempt on with a number behind it.</summary>
    public static string Random(int attempt)
    {
        var name = $"{_adjectives[RandomNumberGenerator.GetInt32(_adjectives.Length)]}_{_nouns[RandomNumberGenerator.GetInt32(_nouns.Length)]}";
        return attempt < 2 ? name : $"{name}{RandomNumberGenerator.GetInt32(10 * attempt)}";
    }

    /// <summary>Takes the slash off that the API allows before a name, and refuses what is no name.</summary>
    public static string Validate(string name)
    {
        var bare = name.StartsWith('/') ? name[1..] : name;
        return Grammar().IsMatch(bare) ? bare : throw ContainerErrors.InvalidName(name);
    }

    /// <summary>Whether this may be a name of a container or a volume.</summary>
    public static bool IsName(string text) => Grammar().IsMatch(text);

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]+\z")]
    private static partial Regex Grammar();
}
