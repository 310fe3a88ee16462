namespace Berth.Images.Registry;

/// <summary>How far a layer is.</summary>
/// <param name="Current">Bytes that are known.</param>
public readonly record struct LayerProgress(LayerPhase Phase, long Current);

public enum LayerPhase
{
    /// <summary>Others are fetched first.</summary>
    Waiting,
    Downloading,
    Verifying,
    Complete,
}
