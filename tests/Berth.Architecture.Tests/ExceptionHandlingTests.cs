using System.Text.RegularExpressions;

namespace Berth.Architecture.Tests;

/// <summary>An error that is caught as "any" where nobody can judge it hides the next one.</summary>
public sealed partial class ExceptionHandlingTests
{
    /// <summary>The places that ARCHITECTURE.md allows: Main (of a cloned child, too), the endpoint error layer, a container's supervision, Undo.</summary>
    private static readonly string[] _allowed =
    [
        "Program.cs", "ErrorResponses.cs", "ContainerService.Supervise.cs", "SupervisedContainer.cs", "Undo.cs",
        "InitStage.cs", "ExecStage.cs", "HookRunner.cs", "MonitorNursery.cs", "DetachedProcess.cs",
    ];

    [Fact]
    public void Any_exception_is_caught_only_in_the_four_places()
    {
        var elsewhere = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !_allowed.Contains(Path.GetFileName(file)))
            .Where(file => CatchesAny().IsMatch(File.ReadAllText(file)))
            .Select(file => Path.GetRelativePath(Repository.Root, file));
        Assert.Empty(elsewhere);
    }

    // Who takes back what he made and throws on has not judged it.
    [GeneratedRegex(@"catch\s*(\(Exception(\s+\w+)?\)\s*)?\{(?!([^{}]|\{[^{}]*\})*\bthrow;\s*\})")]
    private static partial Regex CatchesAny();
}
