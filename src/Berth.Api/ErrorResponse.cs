namespace Berth.Api;

/// <summary>The body of every failed request.</summary>
public sealed record ErrorResponse(string Message);
