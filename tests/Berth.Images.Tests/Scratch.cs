using System.Diagnostics;

namespace Berth.Images.Tests;

/// <summary>A directory of a test's own, removed with everything in it.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("berth-images-").FullName;

    public string Path(string name) => System.IO.Path.Combine(_root, name);

    /// <summary>Runs a script in the directory and fails the test where it fails.</summary>
    public string Shell(string script)
    {
        var start = new ProcessStartInfo("bash", ["-e", "-u", "-o", "pipefail", "-c", script])
        {
            WorkingDirectory = _root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{script}\nexit {process.ExitCode}: {error.Result}{output}");
        return output;
    }

    /// <summary>Everything that a tree says about its files but their content: names as bytes, types, modes, owners, times, links, sizes, attributes.</summary>
    public string Listing(string directory) => Shell($"""
        cd {directory}
        find . -printf '%P %y %m %U %G %T@ %l %n %s\n' | LC_ALL=C sort | awk '$2=="d" {"{"}$8="-"; $9="-"{"}"} {"{"}print{"}"}' | cat -v
        find . -type c -o -type b | LC_ALL=C sort | xargs -r stat -c '%n %t %T'
        find . -type f -name '*sparse*' -printf '%P %b\n' | awk '{"{"}print $1, ($2 < 1000 ? "has holes" : "is full"){"}"}'
        getcap -r . || true
        """);

    public void Dispose() => Linux.Files.TreeRemoval.Remove(_root);
}
