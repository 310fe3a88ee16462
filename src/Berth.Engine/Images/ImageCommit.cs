using Berth.Oci;
using Berth.Oci.Images;

namespace Berth.Engine.Images;

/// <summary>An image that is made of a container.</summary>
/// <param name="Parent">The container's own image.</param>
/// <param name="Container">The container's id.</param>
/// <param name="CreatedBy">The container's command.</param>
/// <param name="Name">Null: none.</param>
public sealed record ImageCommit(
    ResolvedImage Parent, string Container, OciImageConfig Config, string CreatedBy, string Author, string Comment, ImageReference? Name);
