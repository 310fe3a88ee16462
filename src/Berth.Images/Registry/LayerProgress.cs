namespace Berth.Images.Registry;

/// <summary>How far a layer is.</summary>
/// <param name="Current">Bytes of the archive that are known; that were unpacked, where the phase is that.</param>
public readonly record struct LayerProgress(LayerPhase Phase, long Current);

public enum LayerPhase
{
    /// <summary>Others are fetched first.</summary>
    Waiting,
    Downloading,
    Verifying,
    Complete,

    /// <summary>All of it is here, or what is here is unpacked before the rest is fetched.</summary>
    Unpacking,
}
