namespace Berth.Engine.Containers;

/// <summary>What a client wants to be attached to.</summary>
public sealed record AttachOptions
{
    public bool Stdin { get; init; }

    public bool Stdout { get; init; }

    public bool Stderr { get; init; }

    /// <summary>Follow what comes; false: only what the log has.</summary>
    public bool Stream { get; init; }

    /// <summary>What the log has, first.</summary>
    public bool Logs { get; init; }

    /// <summary>Output is not framed, whether the container has a terminal or not.</summary>
    public bool Raw { get; init; }

    /// <summary>Null or empty: ctrl-p,ctrl-q.</summary>
    public string? DetachKeys { get; init; }
}
