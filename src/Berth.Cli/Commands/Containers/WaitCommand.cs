using System.Globalization;
using System.Text.Json;
using Berth.Api.Containers;
using Berth.Cli.CommandLine;
using Berth.Cli.Connection;

namespace Berth.Cli.Commands.Containers;

sealed class WaitCommand() : Command("CONTAINER [CONTAINER...]", ArgumentCount.AtLeast(1))
{
    public override int Run(Session session, IReadOnlyList<string> arguments) =>
        ContainerTargets.Each(
            session,
            arguments,
            container => new HttpRequest("POST", ContainerTargets.Path(container, "wait")),
            (body, _) =>
            {
                var exit = JsonSerializer.Deserialize(body, ContainerJson.Default.WaitResponse);
                session.Out.WriteLine((exit?.StatusCode ?? 0).ToString(CultureInfo.InvariantCulture));
            });
}
