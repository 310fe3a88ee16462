using Berth.Runtime.Commands;

return CommandLine.Run(args,
[
    CreateCommand.Definition,
    StartCommand.Definition,
    RunCommand.Definition,
    ExecCommand.Definition,
    StateCommand.Definition,
    KillCommand.Definition,
    DeleteCommand.Definition,
]);
