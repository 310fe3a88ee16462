

namespace Berth.Cli;

/// <summary>The version of this program.</summary>
static class ProductVersion
{
    public static string Text { get; } = "0.1.0";

    /// <summary>The commit that it was built from, as the SDK puts it behind the version.</summary>
    public static string Commit { get; } = "";
}
