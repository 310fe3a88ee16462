namespace Berth.Engine.Containers.Logs;

/// <summary>Which part of a container's log a client wants.</summary>
public sealed record LogQuery
{
    public bool Stdout { get; init; }

    public bool Stderr { get; init; }

    /// <summary>Go on as the log grows, until the container ends.</summary>
    public bool Follow { get; init; }

    public bool Timestamps { get; init; }

    /// <summary>The "attrs" of each line before it.</summary>
    public bool Details { get; init; }

    /// <summary>Only the last so many lines; null: all.</summary>
    public int? Tail { get; init; }

    /// <summary>Nothing before this.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Nothing after this.</summary>
    public DateTimeOffset? Until { get; init; }
}
