using Berth.Runtime.Commands;
using Berth.Runtime.Monitor;

// Beside the table of commands, because it stays: what it does not run it does not load.
if (args is ["monitor"])
{
    ReadOnlyProgram.Ensure(args);
    return MonitorNursery.Run();
}

var line = new CommandLine(args,
[
    CreateCommand.Definition,
    StartCommand.Definition,
    RunCommand.Definition,
    ExecCommand.Definition,
    StateCommand.Definition,
    KillCommand.Definition,
    DeleteCommand.Definition,
    ListCommand.Definition,
    PsCommand.Definition,
    EventsCommand.Definition,
    PauseCommand.Definition,
    ResumeCommand.Definition,
    UpdateCommand.Definition,
    SpecCommand.Definition,
    FeaturesCommand.Definition,
]);
try
{
    return line.Run();
}
catch (Exception e)
{
    return line.Fail(e);
}
