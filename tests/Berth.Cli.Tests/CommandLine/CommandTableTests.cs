using Berth.Cli.CommandLine;

namespace Berth.Cli.Tests.CommandLine;

public sealed class CommandTableTests
{
    public static TheoryData<string> Paths => [.. DockerReference.Commands.EnumerateObject().Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_command_takes_the_flags_that_Docker_has_for_it(string path)
    {
        var expected = DockerReference.Commands.GetProperty(path).GetProperty("flags").EnumerateArray()
            .Select(flag => string.Join(' ', flag[0].GetString(), flag[1].GetString(), flag[2].GetString(), flag[3].GetString() ?? Zero(flag[2].GetString()!)))
            .Order();
        var actual = Make(path).Flags.All.Where(flag => !flag.Hidden)
            .Select(flag => string.Join(' ', flag.Name, flag.Shorthand?.ToString(), Type(flag), flag.DefaultText?.Trim('"') ?? Zero(Type(flag))))
            .Order();
        Assert.Equal(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_command_is_used_as_Docker_says(string path)
    {
        var usage = DockerReference.Commands.GetProperty(path).GetProperty("usage").GetString();
        Assert.Equal(usage, $"{path} {Make(path).Arguments}".TrimEnd());
    }

    [Fact]
    public void No_two_commands_share_a_spelling()
    {
        var spellings = Program.Commands().Entries.SelectMany(entry => entry.Spellings);
        Assert.Empty(spellings.GroupBy(spelling => spelling).Where(group => group.Count() > 1).Select(group => group.Key));
    }

    [Fact]
    public void No_two_flags_of_a_command_share_a_name_or_a_shorthand() =>
        Assert.All(Program.Commands().Entries, entry =>
        {
            var flags = entry.Create().Flags.All;
            Assert.Equal(flags.Count, flags.Select(flag => flag.Name).Distinct().Count());
            var shorthands = flags.Where(flag => flag.Shorthand is not null).Select(flag => flag.Shorthand).ToList();
            Assert.Equal(shorthands.Count, shorthands.Distinct().Count());
        });

    private static Command Make(string path)
    {
        var table = Program.Commands();
        var words = path.Split(' ');
        var entry = words.Length == 1 ? table.Find(path) : table.Find(table.FindGroup(words[0])!, words[1]);
        Assert.NotNull(entry);
        return entry.Create();
    }

    private static string Type(Flag flag) => flag.Type.Length == 0 ? "bool" : flag.Type;

    /// <summary>The reference leaves a default out where the help does.</summary>
    private static string Zero(string type) => type.Length == 0 ? "" : "-";
}
