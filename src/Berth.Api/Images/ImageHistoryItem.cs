namespace Berth.Api.Images;

/// <summary>One step in the making of an image, the newest first.</summary>
public sealed record ImageHistoryItem
{
    /// <summary>The image's id for the newest step; &lt;missing&gt; for the others.</summary>
    public string Id { get; init; } = "";

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; init; }

    public string CreatedBy { get; init; } = "";

    public IReadOnlyList<string>? Tags { get; init; }

    public long Size { get; init; }

    public string Comment { get; init; } = "";
}
