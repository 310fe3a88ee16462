namespace Berth.Api;

/// <summary>The value of a map that is used as a set: Go's <c>map[string]struct{}</c>, on the wire <c>{"80/tcp": {}}</c>.</summary>
public sealed record Empty;
