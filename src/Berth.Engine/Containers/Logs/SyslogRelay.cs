using System.Collections;
using System.Net.Security;
using System.Net.Sockets;
using Berth.Linux;
using Berth.Linux.Events;
using Berth.Linux.Processes;
using Berth.Monitor;

namespace Berth.Engine.Containers.Logs;

/// <summary>
/// <c>berthd syslog-relay</c>: what sends a container's log to a syslog server over TLS, which is more than its monitor can do. A
/// command of the daemon's program, but a process of the monitor's: nothing depends on the daemon being there. Its standard
/// input is a socket (SOCK_SEQPACKET) on which each packet is one message, as it is to be sent. It ends when that does, and all
/// is sent.
/// </summary>
/// <remarks>
/// A slow server holds the monitor back. While it is away messages are dropped, and once a second it is tried again. The
/// connection is made with the first message, and made again for one that could not be sent. Signals end it as they end any
/// program; the monitor then starts another.
/// </remarks>
public sealed class SyslogRelay : IDisposable
{
    /// <summary>The first argument of the program that means this.</summary>
    public const string Command = "syslog-relay";

    private const int StandardInput = 0;
    private const int Failure = 1;
    private const int RetryMilliseconds = 1000;

    /// <summary>So much is gathered before it is sent.</summary>
    private const int BatchSize = 64 * 1024;

    /// <summary>A monitor's messages are a quarter of it. One that fills it was cut off, and would spoil what comes after it.</summary>
    private const int LongestMessage = 64 * 1024;

    /// <summary>Beginnings of the variables that it has in common with the daemon: where the system's authorities are, and settings of the runtime.</summary>
    private static readonly string[] _variables = ["SSL_CERT_", "DOTNET_"];

    /// <summary>How long a server that does not read may go on like that when the monitor has ended.</summary>
    private static readonly TimeSpan _lastPatience = TimeSpan.FromSeconds(20);

    /// <summary>How long a server is waited for to close the connection after us.</summary>
    private static readonly TimeSpan _leavePatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan _lookInterval = TimeSpan.FromSeconds(1);

    private readonly SyslogTls _server;
    private readonly FileDescriptor _descriptor = new(StandardInput);
    private readonly Socket _input = new(new SafeSocketHandle(StandardInput, ownsHandle: false)) { Blocking = false };
    private readonly EventQueue _monitorEnd = new();
    private readonly CancellationTokenSource _giveUp = new();
    private readonly byte[] _batch = new byte[BatchSize + LongestMessage];
    private SslStream? _connection;

    /// <summary>Done when the server has closed the connection.</summary>
    private Task _closed = Task.CompletedTask;
    private long _retryAt;
    private bool _hasMonitorEnded;

    private SyslogRelay(SyslogTls server)
    {
        _server = server;

        // A hang-up is told unasked, also while there is still something to be read.
        _monitorEnd.Add(_descriptor, 0, ReadyEvents.None);
    }

    /// <summary>Works until the monitor has ended.</summary>
    /// <param name="arguments">What follows the command.</param>
    /// <returns>The program's exit code.</returns>
    public static async Task<int> RunAsync(IEnumerable<string> arguments)
    {
        try
        {
            // Whoever ends all daemons by their name does not mean it.
            ProcessControl.SetName("berth-log-relay");
            using var relay = new SyslogRelay(SyslogTls.Parse(arguments));
            await relay.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is FormatException or SocketException or LinuxException)
        {
            Console.Error.WriteLine($"{Command}: {e.Message}");
            return Failure;
        }
    }

    public void Dispose()
    {
        Disconnect();
        _giveUp.Dispose();
        _monitorEnd.Dispose();
        _input.Dispose();
        _descriptor.Dispose();
    }

    /// <param name="program">How this program is started.</param>
    internal static LogRelay PlanOf(SyslogTls server, IReadOnlyList<string> program) => new(
        [.. program, Command, .. server.Arguments],
        [
            .. from entry in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
               let name = (string)entry.Key
               where _variables.Any(v => name.StartsWith(v, StringComparison.Ordinal))
               select $"{name}={entry.Value}",
        ]);

    private async Task RunAsync()
    {
        while (await ReceiveAsync() is { Length: > 0 } batch)
        {
            await SendAsync(batch);
        }

        await LeaveAsync();
    }

    /// <summary>Waits for a message, and takes those that are there with it.</summary>
    /// <returns>Empty: the monitor has ended.</returns>
    private async Task<ReadOnlyMemory<byte>> ReceiveAsync()
    {
        var length = 0;
        while (length == 0)
        {
            var first = await _input.ReceiveAsync(_batch.AsMemory(0, LongestMessage));
            if (first == 0)
            {
                return default;
            }

            length = WholeLength(first);
        }

        while (length < BatchSize)
        {
            var next = _input.Receive(_batch.AsSpan(length, LongestMessage), SocketFlags.None, out var error);
            if (error != SocketError.Success || next == 0)
            {
                // All that is here was taken. An end is told once more, to the next one that receives.
                break;
            }

            length += WholeLength(next);
        }

        return _batch.AsMemory(0, length);
    }

    private static int WholeLength(int length) => length == LongestMessage ? 0 : length;

    private async Task SendAsync(ReadOnlyMemory<byte> batch)
    {
        // Once more where it was the connection that was no good.
        for (var i = 0; i < 2 && await TryConnectAsync(); i++)
        {
            if (await TryWriteAsync(_connection!, batch))
            {
                return;
            }

            Disconnect();
        }
    }

    private async Task<bool> TryConnectAsync()
    {
        if (_connection is not null && !_closed.IsCompleted)
        {
            return true;
        }

        Disconnect();
        if (Environment.TickCount64 < _retryAt)
        {
            return false;
        }

        try
        {
            _connection = await _server.ConnectAsync(_giveUp.Token);
            _closed = ReadToEndAsync(_connection);
            return true;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return false;
        }
        finally
        {
            _retryAt = Environment.TickCount64 + RetryMilliseconds;
        }
    }

    /// <summary>A server has nothing to say but that it closes the connection.</summary>
    private static async Task ReadToEndAsync(SslStream connection)
    {
        var nothing = new byte[64];
        try
        {
            while (await connection.ReadAsync(nothing) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The connection is lost, or was given up here.
        }
    }

    private async Task<bool> TryWriteAsync(SslStream connection, ReadOnlyMemory<byte> batch)
    {
        try
        {
            var write = connection.WriteAsync(batch, _giveUp.Token).AsTask();
            while (!write.IsCompleted && await Task.WhenAny(write, Task.Delay(_lookInterval)) != write)
            {
                LimitTheRest();
            }

            await write;
            return true;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The server is slow. That is the monitor's to bear as long as there is one.</summary>
    private void LimitTheRest()
    {
        if (!_hasMonitorEnded && _monitorEnd.Wait(0) && _monitorEnd.TryTake(out _, out _))
        {
            _hasMonitorEnded = true;
            _giveUp.CancelAfter(_lastPatience);
        }
    }

    /// <summary>Tells the server that no more comes, and waits until it has read that: what is under way may be lost with a connection that is cut.</summary>
    private async Task LeaveAsync()
    {
        if (_connection is null || _closed.IsCompleted)
        {
            return;
        }

        try
        {
            await _connection.ShutdownAsync().WaitAsync(_leavePatience);
            await _closed.WaitAsync(_leavePatience);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            // It is gone already, or does not care.
        }
    }

    private void Disconnect()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
