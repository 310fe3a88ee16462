using System.IO.Pipelines;

namespace Berth.Daemon.Server;

/// <summary>
/// The raw stream of an attach or exec, after the answer's head. The client's closing of its sending side is the end of
/// <paramref name="Input"/>; output goes on.
/// </summary>
/// <param name="Input">What the client sends.</param>
/// <param name="Output">What it gets; flush after each frame. What is flushed is delivered even if the endpoint returns at once.</param>
/// <param name="Gone">Cancelled when the client is gone or the daemon ends. (The request's own token takes half-close for loss.)</param>
sealed record HijackedConnection(PipeReader Input, PipeWriter Output, CancellationToken Gone);
