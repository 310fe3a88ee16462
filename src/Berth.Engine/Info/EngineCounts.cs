namespace Berth.Engine.Info;

/// <summary>How many objects the engine holds.</summary>
public readonly record struct EngineCounts(int Running, int Paused, int Stopped, int Images);
