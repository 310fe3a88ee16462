using Berth.Cli.Connection;
using Berth.Cli.Streams;

namespace Berth.Cli.Commands.Containers;

/// <summary>A container's life as its user sees it: attached before the start, so that no byte is missed, and followed until it ends.</summary>
sealed class ContainerAttachment(Session session, string container)
{
    /// <summary>The exit code where the container's own is not known.</summary>
    private const int EndUnknown = 125;

    public bool Stdin { get; init; }

    public bool Stdout { get; init; }

    public bool Stderr { get; init; }

    public bool Tty { get; init; }

    public string DetachKeys { get; init; } = "";

    public bool ForwardSignals { get; init; }

    /// <summary>The daemon removes the container when it ends; that is waited for.</summary>
    public bool AutoRemove { get; init; }

    /// <summary>Starts the container and returns its exit code, or 0 where nothing is attached.</summary>
    public int Start()
    {
        var keys = Streams.DetachKeys.Parse(DetachKeys);
        if (!Stdin && !Stdout && !Stderr)
        {
            StartContainer(null);
            return 0;
        }

        // Both requests are under way at once, and answered before the start.
        var attach = session.Daemon.Begin(AttachRequest());
        var wait = session.Daemon.Begin(new HttpRequest("POST", $"/containers/{container}/wait?condition={(AutoRemove ? "removed" : "next-exit")}"));
        using var attached = attach.AwaitSuccess();
        using var exit = wait.AwaitSuccess();
        using var proxy = Proxy();
        StartContainer(exit);
        return Follow(attached, exit, proxy, keys) ?? 0;
    }

    /// <summary>Joins a container that runs already.</summary>
    /// <param name="check">Refuses one that does not. Asked again when the streams are there: those of a container that ended before would wait for its next start.</param>
    public int Join(Action check)
    {
        var keys = Streams.DetachKeys.Parse(DetachKeys);
        var wait = session.Daemon.Begin(new HttpRequest("POST", $"/containers/{container}/wait"));
        using var attached = session.Daemon.Send(AttachRequest());
        using var exit = wait.AwaitSuccess();
        check();
        using var proxy = Proxy();
        return Follow(attached, exit, proxy, keys, redraw: true) ?? throw new CommandException("read escape sequence");
    }

    private HttpRequest AttachRequest() => new(
        "POST",
        new QueryString($"/containers/{QueryString.Escape(container)}/attach").Add("stream", "1")
            .AddIf(Stdin, "stdin").AddIf(Stdout, "stdout").AddIf(Stderr, "stderr").AddNonEmpty("detachKeys", DetachKeys).ToString())
    {
        Upgrade = true,
    };

    private SignalProxy? Proxy()
    {
        if (!ForwardSignals || Tty)
        {
            return null;
        }

        var proxy = new SignalProxy(session);
        proxy.Forward(container);
        return proxy;
    }

    private void StartContainer(HttpResponse? removed)
    {
        try
        {
            session.Daemon.Do("POST", $"/containers/{QueryString.Escape(container)}/start");
        }
        catch (DaemonException)
        {
            if (AutoRemove && removed is not null)
            {
                removed.ReadAll(); // nothing is left of the container when this program ends
            }

            throw;
        }
    }

    /// <returns>Null where the user detached: the container runs on.</returns>
    private int? Follow(HttpResponse attached, HttpResponse exit, SignalProxy? proxy, DetachKeys keys, bool redraw = false)
    {
        using var streams = new AttachedStreams(session, attached.Hijack(), Tty) { Keys = Stdin ? keys : null };
        using var size = Tty && proxy is null ? new SignalProxy(session) : null;
        if (Stdin)
        {
            streams.StartInput();
        }

        if (Linux.Terminals.StandardTerminal.Is(Linux.Terminals.StandardDescriptor.Output))
        {
            size?.FollowSize($"/containers/{QueryString.Escape(container)}", redraw);
        }

        if (!streams.CopyOutput(Stdout || Stderr))
        {
            return null;
        }

        if (!Stdout && !Stderr)
        {
            return 0;
        }

        using var ended = session.Daemon.ReadObject(exit);
        return ended.Object("Error")?.Text("Message") is { Length: > 0 } error
            ? throw new CommandException($"Error waiting for container: {error}", EndUnknown)
            : ended.Number("StatusCode") ?? 0;
    }
}
