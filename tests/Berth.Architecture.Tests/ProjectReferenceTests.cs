using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Berth.Architecture.Tests;

/// <summary>Holds the project files to the table of references in ARCHITECTURE.md.</summary>
public sealed partial class ProjectReferenceTests
{
    [Fact]
    public void Every_project_references_only_what_the_table_allows()
    {
        var allowed = ReadTable();
        var wrong = new List<string>();
        foreach (var project in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            var name = Path.GetFileNameWithoutExtension(project);
            if (!allowed.TryGetValue(name, out var references))
            {
                wrong.Add($"{name} is not in the table");
                continue;
            }

            wrong.AddRange(References(project).Where(r => !references.Contains(r)).Select(r => $"{name} may not reference {r}"));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void The_table_names_only_projects_that_exist() =>
        Assert.All(ReadTable().Keys, name => Assert.True(
            File.Exists(Path.Combine(Repository.Root, "src", name, name + ".csproj")),
            $"{name} is in the table but not in src"));

    [Fact]
    public void Only_Berth_Linux_allows_unsafe_code()
    {
        var unsafeProjects = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Where(p => XDocument.Load(p).Descendants("AllowUnsafeBlocks").Any(e => e.Value == "true"))
            .Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(["Berth.Linux"], unsafeProjects);
    }

    [Fact]
    public void No_file_is_named_for_nothing()
    {
        var empty = Repository.Sources().Where(f => NamesNothing().IsMatch(Path.GetFileNameWithoutExtension(f))).ToList();
        Assert.Empty(empty);
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference")
            .Select(e => Path.GetFileNameWithoutExtension(((string)e.Attribute("Include")!).Replace('\\', '/')));

    private static Dictionary<string, HashSet<string>> ReadTable() =>
        File.ReadLines(Path.Combine(Repository.Root, "ARCHITECTURE.md"))
            .Select(line => TableRow().Match(line))
            .Where(match => match.Success)
            .ToDictionary(
                match => match.Groups["project"].Value,
                match => match.Groups["references"].Value
                    .Split(',', StringSplitOptions.TrimEntries)
                    .Where(name => name != "-")
                    .Select(name => "Berth." + name)
                    .ToHashSet());

    [GeneratedRegex(@"^\| (?<project>Berth\.\w+)[^|]*\|[^|]*\| (?<references>[^|]*) \|$")]
    private static partial Regex TableRow();

    [GeneratedRegex("(Utils?|Helpers?|Common|Manager|Misc)$")]
    private static partial Regex NamesNothing();
}
