using Berth.Cli.CommandLine;

namespace Berth.Cli.Tests.CommandLine;

public sealed class FlagUsagesTests
{
    [Fact]
    public void Names_are_aligned_and_descriptions_wrapped()
    {
        var flags = new FlagSet();
        flags.Int("last", 'n', "Show n last created containers (includes all states)", initial: -1);
        flags.Bool("all", 'a', "Show all containers (default shows just running)");
        flags.Int("hidden", null, "", hidden: true);
        Assert.Equal(
            """
              -a, --all        Show all containers (default shows just running)
              -n, --last int   Show n last created containers (includes all states)
                               (default -1)

            """,
            FlagUsages.Layout(flags.All, 79));
    }

    [Fact]
    public void A_short_last_line_is_not_broken_off()
    {
        var flags = new FlagSet();
        flags.Bool("interactive", 'i', "Keep STDIN open even if not attached");
        var width = "  -i, --interactive   Keep STDIN open even if not attached".Length;
        Assert.DoesNotContain('\n', FlagUsages.Layout(flags.All, width + 1).TrimEnd());
    }
}
