namespace Berth.Engine.Containers;

/// <summary>
/// Why a container is kept as it was found: its record, or its monitor, cannot be understood. It is shown, what runs of it runs on,
/// and it can be stopped and removed; but it is not started, and nothing is written over what could not be read.
/// </summary>
/// <param name="Reason">What could not be read, and why.</param>
/// <param name="ImageKnown">Its image is the record's. Otherwise it may need any.</param>
/// <param name="MountsKnown">Its mounts are the record's. Otherwise it may need any volume.</param>
public sealed record ContainerDamage(string Reason, bool ImageKnown, bool MountsKnown);
