using Berth.Engine.Monitors;

namespace Berth.Engine.Containers.Streams;

/// <summary>Carries bytes between a client and a monitor's stream in both directions.</summary>
internal static class StreamPump
{
    /// <summary>Ends when the process's output ends, the client detaches or goes away, or the token is cancelled.</summary>
    /// <returns>True where the client detached.</returns>
    public static async Task<bool> RunAsync(
        MonitorStream process, ClientStream client, StreamOptions options, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var input = SendInputAsync(process, client, options, ended);
        var detached = false;
        try
        {
            while (await process.ReadAsync(ended.Token) is { } frame)
            {
                var flushed = await client.Output.WriteAsync(options.Raw ? frame.Payload : frame.Bytes, ended.Token);
                if (flushed.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client detached, or the daemon ends.
        }
        finally
        {
            await ended.CancelAsync();
            detached = await input;
        }

        return detached;
    }

    /// <summary>Reads also where nothing is to be sent, because only so a connection's end shows.</summary>
    private static async Task<bool> SendInputAsync(
        MonitorStream process, ClientStream client, StreamOptions options, CancellationTokenSource ended)
    {
        var scanner = options.DetachKeys is { Length: > 0 } keys ? new DetachScanner(keys) : null;
        var passed = new List<byte>();
        try
        {
            while (true)
            {
                var read = await client.Input.ReadAsync(ended.Token);
                var detached = false;
                foreach (var part in read.Buffer)
                {
                    if (!options.Stdin || detached)
                    {
                        continue;
                    }

                    if (scanner is null)
                    {
                        await process.WriteStdinAsync(part, ended.Token);
                        continue;
                    }

                    passed.Clear();
                    detached = scanner.Scan(part.Span, passed);
                    await process.WriteStdinAsync(passed.ToArray(), ended.Token);
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
                        await process.CloseStdinAsync(ended.Token);
                    }

                    return false;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or MonitorFailureException or IOException)
        {
            // The process has ended or closed its stdin, or the client is gone: what it still sends is nobody's.
            return false;
        }
    }
}
