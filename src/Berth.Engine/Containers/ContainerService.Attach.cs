using Berth.Engine.Containers.Logs;
using Berth.Engine.Containers.Streams;
using Berth.Engine.Monitors;
using Berth.Monitor;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>
    /// Attaches a client to a container, running or not yet. When this returns, nothing that the container writes from now on is
    /// missed; the client's request is answered after it.
    /// </summary>
    public async Task<Attachment> AttachAsync(string nameOrId, AttachOptions options, CancellationToken cancellationToken)
    {
        var container = Get(nameOrId);
        var keys = DetachKeys.Parse(options.DetachKeys);
        switch (container.State.Status)
        {
            case ContainerStatus.Paused:
                throw ContainerErrors.PausedBefore(container.Id, "attach");
            case ContainerStatus.Restarting:
                throw ContainerErrors.Restarting(container.Id);
            case ContainerStatus.Removing or ContainerStatus.Dead:
                throw ContainerErrors.NoSuchContainer(nameOrId);
        }

        var tty = container.Config.Tty;
        var stdin = options.Stdin && container.Config.OpenStdin;
        var stream = new StreamOptions
        {
            Raw = tty || options.Raw,
            Stdin = stdin,
            CloseStdin = container.Config.StdinOnce && !tty,
            DetachKeys = tty && stdin ? keys : null,
        };
        var request = new AttachRequest { Stdin = stdin, Stdout = options.Stdout, Stderr = options.Stderr };
        var (connected, pending) = options.Stream
            ? await ConnectAsync(container, request, cancellationToken)
            : (null, null);
        var until = _time.GetUtcNow();
        Publish("attach", container);
        return new Attachment(
            container,
            connected,
            pending,
            stream,
            options.Logs ? (client, token) => WriteLogAsync(container, options, until, client, token) : null,
            () => Publish("detach", container));
    }

    private static async Task<(MonitorStream? Connected, PendingAttach? Pending)> ConnectAsync(
        Container container, AttachRequest request, CancellationToken cancellationToken)
    {
        var pending = new PendingAttach(request);
        container.Add(pending);
        if (container.Run is not { } run)
        {
            return (null, pending);
        }

        // It runs already: whoever starts it has not seen this client, or has, and then the stream is there.
        container.Remove(pending);
        if (pending.Stream.IsCompleted)
        {
            return (null, pending);
        }

        try
        {
            return (await run.Monitor.AttachAsync(request, cancellationToken), null);
        }
        catch (MonitorFailureException)
        {
            // It ended at this moment; its output is in the log.
            return (null, null);
        }
    }

    private static async Task WriteLogAsync(
        Container container, AttachOptions options, DateTimeOffset until, ClientStream client, CancellationToken cancellationToken)
    {
        var query = new LogQuery { Stdout = options.Stdout, Stderr = options.Stderr, Until = until };
        using var log = await LogStream.OpenAsync(container, query, raw: container.Config.Tty || options.Raw, cancellationToken);
        await log.WriteAsync(client.Output.AsStream(leaveOpen: true), cancellationToken);
    }
}
