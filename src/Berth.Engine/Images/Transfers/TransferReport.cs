using System.Threading.Channels;
using Berth.Api.Images;
using Berth.Oci;

namespace Berth.Engine.Images.Transfers;

/// <summary>Carries the messages of a pull or push, which come from many threads, to the one reply.</summary>
internal sealed class TransferReport
{
    // A client that reads slowly misses numbers, never a change of state.
    private const int NumbersMax = 64;

    private readonly Channel<ProgressMessage> _messages = Channel.CreateUnbounded<ProgressMessage>();

    private TransferReport()
    {
    }

    /// <summary>Runs a transfer and sends what it reports; ends it when that cannot be sent.</summary>
    public static async Task RunAsync(
        Func<ProgressMessage, Task> send, Func<TransferReport, CancellationToken, Task> transfer, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var report = new TransferReport();
        var running = report.RunAsync(transfer, stop.Token);
        try
        {
            await foreach (var message in report._messages.Reader.ReadAllAsync(CancellationToken.None))
            {
                await send(message);
            }
        }
        catch
        {
            await stop.CancelAsync();
            await Task.WhenAny(running);
            throw;
        }

        await running;
    }

    public void Say(string status, string? id = null) => _messages.Writer.TryWrite(new ProgressMessage { Status = status, Id = id });

    /// <summary>A message about a layer.</summary>
    public void Say(Digest layer, string status) =>
        _messages.Writer.TryWrite(new ProgressMessage { Status = status, Id = ShortId(layer), ProgressDetail = new ProgressDetail() });

    /// <summary>How far a layer is.</summary>
    public void Say(Digest layer, string status, long current, long total)
    {
        if (_messages.Reader.Count < NumbersMax)
        {
            _messages.Writer.TryWrite(new ProgressMessage
            {
                Status = status,
                Id = ShortId(layer),
                ProgressDetail = new ProgressDetail { Current = current, Total = total },
            });
        }
    }

    public void Say(ProgressMessage message) => _messages.Writer.TryWrite(message);

    private static string ShortId(Digest layer) => layer.Hex[..12];

    private async Task RunAsync(Func<TransferReport, CancellationToken, Task> transfer, CancellationToken cancellationToken)
    {
        try
        {
            await transfer(this, cancellationToken);
        }
        finally
        {
            _messages.Writer.Complete();
        }
    }
}
