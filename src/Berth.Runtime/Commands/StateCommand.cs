using System.Text.Json;
using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.State;

namespace Berth.Runtime.Commands;

internal static class StateCommand
{
    internal static Command Definition { get; } = new()
    {
        Name = "state",
        Usage = "<container-id>",
        Summary = "output the state of a container",
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        var id = arguments.Exactly("state", 1)[0];
        var report = StateReport.Of(context.Directory(id), context.Find(id));
        StandardOutput.Write(JsonSerializer.SerializeToUtf8Bytes(report, StateReportJson.Default.StateReport));
        StandardOutput.Write("\n");
        return 0;
    }
}
