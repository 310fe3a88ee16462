namespace Berth.Cli.Commands.Containers;

sealed class RestartCommand() : EndingCommand("restart");
