using Berth.Oci;

namespace Berth.Engine.Images;

/// <summary>A container that was made from an image and keeps it from being removed.</summary>
internal sealed record ImageUse(Digest ImageId, string ContainerId, string ContainerName, bool Running);
