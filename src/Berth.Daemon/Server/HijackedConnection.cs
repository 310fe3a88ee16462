using System.IO.Pipelines;

namespace Berth.Daemon.Server;

/// <summary>
/// The raw stream of an attach or exec, after the answer's head. The client's closing of its sending side is the end of
/// <paramref name="Input"/>; output goes on. A client that is gone shows as a completed flush of <paramref name="Output"/>.
/// </summary>
/// <param name="Input">What the client sends.</param>
/// <param name="Output">What it gets; flush after each frame. What is flushed is delivered even if the endpoint returns at once.</param>
/// <param name="Stopping">Cancelled when the daemon ends. (A request's own token does not serve here: it takes half-close for loss.)</param>
sealed record HijackedConnection(PipeReader Input, PipeWriter Output, CancellationToken Stopping);
