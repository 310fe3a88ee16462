using System.IO.Pipelines;

namespace Berth.Engine.Containers.Streams;

/// <summary>A client's taken-over connection: what it sends, and what it gets.</summary>
/// <param name="Input">Completes when the client closes its sending side; output goes on.</param>
/// <param name="Output">A completed flush says that the client is gone.</param>
public readonly record struct ClientStream(PipeReader Input, PipeWriter Output);
