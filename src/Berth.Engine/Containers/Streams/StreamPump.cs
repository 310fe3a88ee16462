using System.IO.Pipelines;
using Berth.Engine.Monitors;

namespace Berth.Engine.Containers.Streams;

/// <summary>Carries bytes between a client and a monitor's stream in both directions.</summary>
internal static class StreamPump
{
    /// <summary>How long a process may take to read what a client sent before it went away.</summary>
    private static readonly TimeSpan _lastWords = TimeSpan.FromSeconds(2);

    /// <summary>Ends when the process's output ends, the client detaches or goes away, or the token is cancelled.</summary>
    /// <returns>True where the client detached.</returns>
    public static async Task<bool> RunAsync(
        MonitorStream process, ClientStream client, StreamOptions options, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var dropped = new CancellationTokenSource();
        var input = SendInputAsync(process, client, options, ended, dropped.Token);
        try
        {
            while (await process.ReadAsync(ended.Token) is { } frame)
            {
                var flushed = await client.Output.WriteAsync(options.Raw ? frame.Payload : frame.Bytes, ended.Token);
                if (flushed.IsCompleted)
                {
                    // The client is gone, and what it sent before may still be on its way.
                    ended.CancelAfter(_lastWords);
                    dropped.CancelAfter(_lastWords);
                    return await input;
                }
            }

            // Nobody is left to read what is still on its way.
            await dropped.CancelAsync();
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client detached, or the daemon ends.
        }
        finally
        {
            dropped.CancelAfter(_lastWords);
            await ended.CancelAsync();
            await input;
        }

        return await input;
    }

    /// <summary>Reads also where nothing is to be sent, because only so a connection's end shows.</summary>
    /// <param name="process">Where it goes.</param>
    /// <param name="client">Where it comes from.</param>
    /// <param name="options">How.</param>
    /// <param name="ended">Nothing more is waited for: what has come is sent on, and that was all.</param>
    /// <param name="dropped">Not even that is.</param>
    private static async Task<bool> SendInputAsync(
        MonitorStream process, ClientStream client, StreamOptions options, CancellationTokenSource ended, CancellationToken dropped)
    {
        var scanner = options.DetachKeys is { Length: > 0 } keys ? new DetachScanner(keys) : null;
        var passed = new List<byte>();
        try
        {
            while (await ReadAsync(client, ended.Token) is { } read)
            {
                var detached = false;
                foreach (var part in read.Buffer)
                {
                    if (!options.Stdin || detached)
                    {
                        continue;
                    }

                    if (scanner is null)
                    {
                        await process.WriteStdinAsync(part, dropped);
                        continue;
                    }

                    passed.Clear();
                    detached = scanner.Scan(part.Span, passed);
                    await process.WriteStdinAsync(passed.ToArray(), dropped);
                }

                client.Input.AdvanceTo(read.Buffer.End);
                if (detached)
                {
                    await ended.CancelAsync();
                    return true;
                }

                if (read.IsCompleted)
                {
                    if (options is { Stdin: true, CloseStdin: true })
                    {
                        await process.CloseStdinAsync(dropped);
                    }

                    break;
                }
            }

            return false;
        }
        catch (Exception e) when (e is OperationCanceledException or MonitorFailureException or IOException)
        {
            // The process has ended or closed its stdin, or the client is gone: what it still sends is nobody's.
            return false;
        }
    }

    /// <returns>Null where nothing more is waited for, and nothing has come.</returns>
    private static async ValueTask<ReadResult?> ReadAsync(ClientStream client, CancellationToken ended)
    {
        try
        {
            return await client.Input.ReadAsync(ended);
        }
        catch (OperationCanceledException)
        {
            return client.Input.TryRead(out var rest) ? rest : null;
        }
    }
}
