using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary><c>--format</c>, as the listings and the other commands describe it.</summary>
static class FormatOption
{
    private const string Rest = """
        'json':             Print in JSON format
        'TEMPLATE':         Print output using the given Go template.
        Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
        """;

    public static Flag<string> Declare(FlagSet flags, char? shorthand = 'f') =>
        flags.String("format", shorthand, "Format output using a custom template:\n" + Rest);

    public static Flag<string> DeclareForListing(FlagSet flags) => flags.String(
        "format",
        null,
        """
        Format output using a custom template:
        'table':            Print output in table format with column headers (default)
        'table TEMPLATE':   Print output in table format using the given Go template

        """ + Rest);
}
