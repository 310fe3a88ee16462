namespace Berth.EndToEnd.Tests.Harness;

/// <summary>Where the published binaries lie: BERTH_BIN, or out/ at the root of the repository.</summary>
public static class Binaries
{
    public static string Folder { get; } = System.Environment.GetEnvironmentVariable("BERTH_BIN") ?? Path.Combine(FindRoot(), "out");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Berth.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"no Berth.slnx above {AppContext.BaseDirectory}");
        }

        return folder.FullName;
    }
}
