namespace Berth.Engine.Info;

/// <summary>What the daemon's binary tells of its build.</summary>
/// <param name="Version">Such as 0.1.0.</param>
/// <param name="Commit">The abbreviated commit that it was built from.</param>
/// <param name="Time">The time of that commit.</param>
public sealed record EngineBuild(string Version, string Commit, string Time);
