using System.Net;
using System.Text;
using System.Text.Json;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Containers;

sealed class StatsCommand : Command
{
    private const string Table = "{{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}";
    private const string Home = "\e[H";
    private const string EraseLine = "\e[K";
    private const string EraseBelow = "\e[J";

    /// <summary>More requests than this are not under way at a time.</summary>
    private const int Parallel = 16;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private readonly Flag<bool> _all;
    private readonly Flag<string> _format;
    private readonly Flag<bool> _noStream;
    private readonly Flag<bool> _noTrunc;
    private readonly Dictionary<string, CpuStats> _previous = [];

    public StatsCommand()
        : base("[OPTIONS] [CONTAINER...]", ArgumentCount.AtLeast(0))
    {
        _all = Flags.Bool("all", 'a', "Show all containers (default shows just running)");
        _format = FormatOption.DeclareForListing(Flags);
        _noStream = Flags.Bool("no-stream", null, "Disable streaming stats and only pull the first result");
        _noTrunc = Flags.Bool("no-trunc", null, "Do not truncate output");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        if (arguments.Count > 0 && _all.IsSet)
        {
            throw new CommandException("cannot use --all (-a) with container names");
        }

        var format = _format.Value.Length > 0 ? _format.Value : session.Config.Format("statsFormat");
        while (true)
        {
            var targets = arguments.Count > 0 ? arguments : List(session);
            var text = Listing.Print(format, Table, StatsRow.Example, Sample(session, targets, named: arguments.Count > 0));
            if (_noStream.Value)
            {
                session.Out.Write(text);
                return 0;
            }

            var screen = new StringBuilder(Home);
            foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                screen.Append(line).Append(EraseLine).Append('\n');
            }

            session.Out.Write(screen.Append(EraseBelow).ToString());
            session.Out.Flush();
            Task.Delay(_interval, session.Time).Wait();
        }
    }

    private List<string> List(Session session)
    {
        using var containers = JsonDocument.Parse(session.Daemon.GetBytes(new QueryString("/containers/json").AddIf(_all.Value, "all").ToString()));
        return [.. containers.RootElement.EnumerateArray().Select(container => container.GetProperty("Id").GetString()!)];
    }

    /// <summary>A row for each container. One that the user named must be there; of the others, those that went away are left out.</summary>
    private List<StatsRow> Sample(Session session, IReadOnlyList<string> containers, bool named)
    {
        var rows = new List<StatsRow>();
        foreach (var some in containers.Chunk(Parallel))
        {
            // The daemon compares two samples for the first round; from then on the one before is here.
            var requests = some.Select(name => new HttpRequest("GET", new QueryString(ContainerTargets.Path(name, "stats"))
                .Add("stream", "0").AddIf(_previous.ContainsKey(name), "one-shot").ToString())).ToArray();
            var pending = requests.Skip(1).Select(session.Daemon.Begin).ToList();
            for (var i = 0; i < some.Length; i++)
            {
                try
                {
                    using var response = i == 0 ? session.Daemon.Send(requests[0]) : pending[i - 1].AwaitSuccess();
                    var stats = session.Daemon.Read(response, ContainerJson.Default.ContainerStats);
                    rows.Add(new StatsRow(named ? some[i] : null, stats, _previous.GetValueOrDefault(some[i]) ?? stats.PreviousCpu, !_noTrunc.Value));
                    _previous[some[i]] = stats.Cpu;
                }
                catch (DaemonException gone) when (!named && gone.Status == HttpStatusCode.NotFound)
                {
                    _previous.Remove(some[i]);
                }
            }
        }

        return rows;
    }
}
