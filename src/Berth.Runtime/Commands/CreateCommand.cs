using Berth.Runtime.Commands.Arguments;

namespace Berth.Runtime.Commands;

internal static class CreateCommand
{
    internal static Command Definition { get; } = new()
    {
        Name = "create",
        Usage = "[command options] <container-id>",
        Summary = "create a container",
        Options = CreationOptions.All,
        EntersContainers = true,
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        var id = arguments.Exactly("create", 1)[0];
        var plan = CreationOptions.Plan(context, arguments, id, isDetached: true);
        using var container = CreationOptions.Create(context, arguments, plan);
        return 0;
    }
}
