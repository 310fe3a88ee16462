using Berth.Cli.Connection;

namespace Berth.Cli.Commands.Containers;

/// <summary>Doing the same to several containers: all at once, told in their order, the failures at the end.</summary>
static class ContainerTargets
{
    /// <summary>More requests than this are not under way at a time.</summary>
    private const int Parallel = 50;

    public static int Each(Session session, IReadOnlyList<string> containers, Func<string, HttpRequest> request) =>
        Each(session, containers, request, (_, container) => session.Out.WriteLine(container));

    public static int Each(
        Session session, IReadOnlyList<string> containers, Func<string, HttpRequest> request, Action<byte[], string> done)
    {
        var failures = new List<string>();
        foreach (var some in containers.Chunk(Parallel))
        {
            var pending = some.Select(container => (Name: container, Request: request(container), Answer: (PendingResponse?)null)).ToArray();
            // The first is sent by the loop below: it finds out whether the daemon is there and which version it speaks.
            for (var i = 1; i < pending.Length; i++)
            {
                pending[i].Answer = session.Daemon.Begin(pending[i].Request);
            }

            foreach (var (name, what, answer) in pending)
            {
                try
                {
                    using var response = answer is null ? session.Daemon.Send(what) : answer.AwaitSuccess();
                    done(session.Daemon.Finish(response), name);
                    session.Out.Flush();
                }
                catch (DaemonException failure)
                {
                    failures.Add(failure.Message);
                }
            }
        }

        return failures.Count == 0 ? 0 : throw new CommandException(string.Join('\n', failures));
    }

    public static string Path(string container, string verb) => $"/containers/{QueryString.Escape(container)}/{verb}";
}
