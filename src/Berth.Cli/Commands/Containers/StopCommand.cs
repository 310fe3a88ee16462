namespace Berth.Cli.Commands.Containers;

sealed class StopCommand() : EndingCommand("stop");
