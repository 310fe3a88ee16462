namespace Berth.Monitor;

/// <summary>How a file of a log holds its entries; each is one line.</summary>
public enum LogFormat
{
    /// <summary>Docker's json-file.</summary>
    Json,

    /// <summary>
    /// A letter, 16 hexadecimal digits (nanoseconds since 1970), the bytes of the line as they are. The letter is o for stdout and e
    /// for stderr, a capital where the line ends with this entry.
    /// </summary>
    Local,
}

/// <summary>The form of what is sent to another program.</summary>
public enum ForwardFormat
{
    /// <summary>The journal's native protocol.</summary>
    Journal,

    /// <summary>What a local syslog daemon takes: no host name.</summary>
    LocalSyslog,
    Rfc3164,
    Rfc5424,

    /// <summary>RFC 5424 with microseconds.</summary>
    Rfc5424Micro,
}

/// <summary>A program that gets every entry of the log: a syslog server or the journal.</summary>
public sealed record LogForward
{
    public required ForwardFormat Format { get; init; }

    /// <summary>Absolute path of a Unix socket, or an IP address with a port; empty with a relay.</summary>
    public string Address { get; init; } = "";

    /// <summary>Who sends the messages on in place of the monitor.</summary>
    public LogRelay? Relay { get; init; }

    /// <summary>A connection of bytes; otherwise a datagram for each entry.</summary>
    public bool Stream { get; init; }

    /// <summary>Each message begins with its length and a blank (RFC 5425, 4.3).</summary>
    public bool CountsOctets { get; init; }

    /// <summary>Syslog's facility, already shifted.</summary>
    public int Facility { get; init; }

    public string Host { get; init; } = "";

    public string Tag { get; init; } = "";

    /// <summary>What syslog shows as the sender's process.</summary>
    public int ProcessId { get; init; }

    /// <summary>The local time's difference from UTC.</summary>
    public int OffsetMinutes { get; init; }

    /// <summary>Further fields of each of the journal's entries.</summary>
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    /// <summary>Entries are dropped when more than this many bytes wait to be taken; 0: the container waits.</summary>
    public long MaxBuffer { get; init; }
}

/// <summary>A program that the monitor starts to send a log on: one message is one packet of its standard input (SOCK_SEQPACKET).</summary>
/// <param name="Command">The program's file and its arguments.</param>
/// <param name="Environment">NAME=value entries.</param>
public sealed record LogRelay(IReadOnlyList<string> Command, IReadOnlyList<string> Environment);
