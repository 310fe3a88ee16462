using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Berth.Monitor;

namespace Berth.Runtime.Monitor.Logs;

/// <summary>One entry of a log as a syslog server or the journal takes it.</summary>
internal static class ForwardMessage
{
    private const int Error = 3;
    private const int Information = 6;

    internal static byte[] Make(LogForward plan, FrameKind kind, ReadOnlySpan<byte> line, bool complete, DateTimeOffset time)
    {
        var severity = kind is FrameKind.Stderr ? Error : Information;
        var head = Encoding.UTF8.GetBytes(plan.Format is ForwardFormat.Journal
            ? JournalHead(plan, severity, complete, time)
            : SyslogHead(plan, plan.Facility | severity, time));
        var isJournal = plan.Format is ForwardFormat.Journal;
        var length = head.Length + (isJournal ? sizeof(long) : 0) + line.Length + 1;
        var count = plan.CountsOctets ? Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} ")) : [];
        var message = new byte[count.Length + length];
        count.CopyTo(message, 0);
        head.CopyTo(message, count.Length);
        var at = count.Length + head.Length;
        if (isJournal)
        {
            // In the protocol's binary form, as a line may hold any byte.
            BinaryPrimitives.WriteInt64LittleEndian(message.AsSpan(at), line.Length);
            at += sizeof(long);
        }

        line.CopyTo(message.AsSpan(at));
        message[^1] = (byte)'\n';
        return message;
    }

    private static string SyslogHead(LogForward plan, int priority, DateTimeOffset time)
    {
        var local = time.ToOffset(TimeSpan.FromMinutes(plan.OffsetMinutes));
        FormattableString head = plan.Format switch
        {
            ForwardFormat.LocalSyslog => $"<{priority}>{Stamp(local)} {plan.Tag}[{plan.ProcessId}]: ",
            ForwardFormat.Rfc3164 => $"<{priority}>{Stamp(local)} {plan.Host} {plan.Tag}[{plan.ProcessId}]: ",
            ForwardFormat.Rfc5424Micro =>
                $"<{priority}>1 {local:yyyy-MM-ddTHH:mm:ss.ffffff}{Zone(local)} {plan.Host} {plan.Tag} {plan.ProcessId} {plan.Tag} - ",
            _ => $"<{priority}>1 {local:yyyy-MM-ddTHH:mm:ss}{Zone(local)} {plan.Host} {plan.Tag} {plan.ProcessId} {plan.Tag} - ",
        };
        return FormattableString.Invariant(head);
    }

    /// <summary>The day is padded with a blank, not with a zero (RFC 3164, 4.1.2).</summary>
    private static string Stamp(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time:MMM} {time.Day,2} {time:HH:mm:ss}");

    private static string Zone(DateTimeOffset time) => time.Offset == TimeSpan.Zero ? "Z" : time.ToString("zzz", CultureInfo.InvariantCulture);

    private static string JournalHead(LogForward plan, int severity, bool complete, DateTimeOffset time)
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"PRIORITY={severity}\nSYSLOG_IDENTIFIER={plan.Tag}\n");
        head.Append(CultureInfo.InvariantCulture, $"SYSLOG_TIMESTAMP={time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.FFFFFFFZ}\n");
        foreach (var (name, value) in plan.Fields ?? new Dictionary<string, string>())
        {
            head.Append(name).Append('=').Append(value.ReplaceLineEndings(" ")).Append('\n');
        }

        return head.Append(complete ? "" : "CONTAINER_PARTIAL_MESSAGE=true\n").Append("MESSAGE\n").ToString();
    }
}
