using Berth.Api.Registry;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Logins;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Registry;

sealed class SearchCommand : Command
{
    private readonly ListFlag<(string Name, string Value)> _filter;
    private readonly Flag<string> _format;
    private readonly Flag<long> _limit;
    private readonly Flag<bool> _noTrunc;

    public SearchCommand()
        : base("[OPTIONS] TERM", ArgumentCount.Exactly(1))
    {
        _filter = FilterOption.Declare(Flags);
        _format = Flags.String("format", null, "Pretty-print search using a Go template");
        _limit = Flags.Int("limit", null, "Max number of search results");
        _noTrunc = Flags.Bool("no-trunc", null, "Don't truncate output");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var target = new QueryString("/images/search").Add("term", arguments[0]).AddNonEmpty("filters", FilterOption.ToJson(_filter.Values));
        if (_limit.Value > 0)
        {
            target.Add("limit", _limit.Value);
        }

        using var response = session.Daemon.Send(new HttpRequest("GET", target.ToString())
        {
            Headers = RegistryAuthHeader.ForImage(session, arguments[0]),
        });
        var found = session.Daemon.Read(response, RegistryJson.Default.IReadOnlyListSearchResult);
        session.Out.Write(Listing.Print(
            _format.Value,
            "{{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}",
            SearchRow.Example,
            found.Select(r => new SearchRow(r, !_noTrunc.Value))));
        return 0;
    }
}
