namespace Berth.Engine.Containers.Streams;

/// <summary>How a client's connection carries the stdio of a process.</summary>
public sealed record StreamOptions
{
    /// <summary>Output goes as it is, as of a terminal; otherwise each part has Docker's header that tells stdout from stderr.</summary>
    public bool Raw { get; init; }

    /// <summary>What the client sends goes to the process.</summary>
    public bool Stdin { get; init; }

    /// <summary>The end of what the client sends is the end of the process's stdin.</summary>
    public bool CloseStdin { get; init; }

    /// <summary>Typing this detaches; null: nothing does.</summary>
    public byte[]? DetachKeys { get; init; }
}
