namespace Berth.Cli.Formatting;

/// <summary>Ids as listings show them.</summary>
static class ShortId
{
    /// <summary>How many digits are shown.</summary>
    public const int Length = 12;

    /// <summary>The first digits, without the name of the algorithm.</summary>
    public static string Of(string id)
    {
        id = id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return id.Length > Length ? id[..Length] : id;
    }
}
