namespace Berth.Daemon;

/// <summary>What this build calls itself.</summary>
static class EngineVersion
{
    /// <summary>The version of Berth, such as 0.1.0.</summary>
    public static string Number { get; } = typeof(EngineVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
