using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Options;
using Berth.Cli.Streams;

namespace Berth.Cli.Commands.Containers;

sealed class LogsCommand : Command
{
    private const string Multiplexed = "application/vnd.docker.multiplexed-stream";
    private const string Raw = "application/vnd.docker.raw-stream";

    private readonly Flag<bool> _details;
    private readonly Flag<bool> _follow;
    private readonly Flag<string> _since;
    private readonly Flag<string> _tail;
    private readonly Flag<bool> _timestamps;
    private readonly Flag<string> _until;

    public LogsCommand()
        : base("[OPTIONS] CONTAINER", ArgumentCount.Exactly(1))
    {
        _details = Flags.Bool("details", null, "Show extra details provided to logs");
        _follow = Flags.Bool("follow", 'f', "Follow log output");
        _since = Flags.String("since", null, "Show logs since timestamp (e.g. \"2013-01-02T13:23:37Z\") or relative (e.g. \"42m\" for 42 minutes)");
        _tail = Flags.String("tail", 'n', "Number of lines to show from the end of the logs", "all");
        _timestamps = Flags.Bool("timestamps", 't', "Show timestamps");
        _until = Flags.String("until", null, "Show logs before a timestamp (e.g. \"2013-01-02T13:23:37Z\") or relative (e.g. \"42m\" for 42 minutes)");
    }

    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        var now = session.Time.GetUtcNow();
        var target = new QueryString(ContainerTargets.Path(arguments[0], "logs"))
            .Add("stdout", "1").Add("stderr", "1")
            .AddNonEmpty("since", TimestampOption.Parse(_since.Value, now, "invalid value for \"since\": "))
            .AddNonEmpty("until", TimestampOption.Parse(_until.Value, now, "invalid value for \"until\": "))
            .AddIf(_timestamps.Value, "timestamps").AddIf(_details.Value, "details").AddIf(_follow.Value, "follow")
            .Add("tail", _tail.Value);
        using var response = session.Daemon.Get(target.ToString());
        if (IsTerminal(session, response, arguments[0]))
        {
            Demultiplexer.CopyRaw(response.Body.Read, session.Out);
        }
        else
        {
            Demultiplexer.CopyFrames(response.Body.Read, session.Out, session.Error);
        }

        return 0;
    }

    /// <summary>The answer's type tells; daemons before API 1.42 have to be asked about the container.</summary>
    private static bool IsTerminal(Session session, HttpResponse response, string container) => response.Header("Content-Type") switch
    {
        Multiplexed => false,
        Raw when Version.Parse(session.Daemon.Version) >= new Version(1, 42) => true,
        _ => session.Daemon.Get(ContainerTargets.Path(container, "json"), ContainerJson.Default.ContainerInspect).Config.Tty,
    };
}
