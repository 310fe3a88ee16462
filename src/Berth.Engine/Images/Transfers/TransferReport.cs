using System.Threading.Channels;
using Berth.Api.Images;
using Berth.Oci;

namespace Berth.Engine.Images.Transfers;

/// <summary>Carries the messages of a pull, push or load, which come from many threads, to the one reply.</summary>
internal sealed class TransferReport
{
    // A client that reads slowly misses numbers, never a change of state.
    private const int NumbersMax = 64;

    // Nobody reads faster.
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly Channel<ProgressMessage> _messages = Channel.CreateUnbounded<ProgressMessage>();

    private TransferReport(TimeProvider time) => _time = time;

    /// <summary>Runs a transfer and sends what it reports; ends it when that cannot be sent.</summary>
    public static async Task RunAsync(
        Func<ProgressMessage, Task> send, Func<TransferReport, CancellationToken, Task> transfer, TimeProvider time, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var report = new TransferReport(time);
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
    public void Say(Digest layer, string status, long current, long total) => Say(status, ShortId(layer), current, total);

    public void Say(ProgressMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>What tells how far a layer is; called as often as anything is known, it says no more than is worth reading.</summary>
    public Action<long> Progress(Digest layer, string status, long total) => Progress(status, ShortId(layer), total);

    /// <inheritdoc cref="Progress(Digest, string, long)"/>
    public Action<long> Progress(string status, string? id, long total)
    {
        long? said = null;
        return current =>
        {
            var now = _time.GetTimestamp();
            if (current == total || said is null || _time.GetElapsedTime(said.Value, now) >= _interval)
            {
                said = now;
                Say(status, id, current, total);
            }
        };
    }

    private static string ShortId(Digest layer) => layer.Hex[..12];

    private void Say(string status, string? id, long current, long total)
    {
        if (_messages.Reader.Count < NumbersMax)
        {
            _messages.Writer.TryWrite(new ProgressMessage
            {
                Status = status,
                Id = id,
                ProgressDetail = new ProgressDetail { Current = current, Total = total },
            });
        }
    }

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
