namespace Berth.Api.Containers;

/// <summary>The image that a commit made.</summary>
public sealed record CommitResponse
{
    public string Id { get; set; } = "";
}
