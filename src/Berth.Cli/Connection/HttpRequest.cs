namespace Berth.Cli.Connection;

/// <param name="Target">The path below the API version, such as <c>/containers/json?all=1</c>.</param>
sealed record HttpRequest(string Method, string Target)
{
    public ReadOnlyMemory<byte> Body { get; init; }

    public string? ContentType { get; init; }

    /// <summary>Further headers; their values hold no line ends.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>A body of unknown length, sent in chunks.</summary>
    public Stream? Source { get; init; }

    /// <summary>Writes such a body.</summary>
    public Action<Stream>? Produce { get; init; }

    /// <summary>The body can be sent only once.</summary>
    public bool Streams => Source is not null || Produce is not null;

    /// <summary>The answer is read while such a body is sent: it tells how that goes on.</summary>
    public bool IsAnsweredMeanwhile { get; init; }

    /// <summary>Asks for the connection itself, as a raw stream in both directions.</summary>
    public bool Upgrade { get; init; }
}
