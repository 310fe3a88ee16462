using Berth.Cli;
using Berth.Cli.CommandLine;
using Berth.Cli.Templates;
using Berth.Linux;
using Berth.Linux.Terminals;

// The exit code of a command line that cannot be understood, and of a run that failed before the container did.
const int UsageFailure = 125;

// What a shell reports of a program that wrote to a closed pipe.
const int BrokenPipe = 141;

var table = new CommandTable(
    [
        new("container", "Manage containers"),
        new("image", "Manage images"),
        new("system", "Manage Berth"),
    ],
    [
    ]);

var dispatch = new CommandDispatch(table, TimeProvider.System);
try
{
    return dispatch.Run(args);
}
catch (UsageException wrong)
{
    return Fail($"{wrong.Message}\n\n{dispatch.UsageLine}\n\nRun '{dispatch.Name} --help' for more information", UsageFailure);
}
catch (ArgumentCountException wrong)
{
    return Fail($"berth: '{dispatch.Name}' {wrong.Message}\n\n{dispatch.UsageLine}\n\nRun '{dispatch.Name} --help' for more information", 1);
}
catch (CommandException failure)
{
    return Fail(failure.Message, failure.ExitCode);
}
catch (TemplateException wrong)
{
    return Fail(wrong.Message, 1);
}
catch (LinuxException failure) when (failure.Errno == Errno.EPIPE)
{
    return BrokenPipe;
}
catch (EndOfStreamException)
{
    return Fail("unexpected EOF", 1);
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or LinuxException or System.Text.Json.JsonException)
{
    return Fail(failure.Message, 1);
}

static int Fail(string message, int code)
{
    if (message.Length > 0)
    {
        var error = new OutputWriter(new StandardStream(StandardDescriptor.Error));
        error.WriteLine(message);
        error.Flush();
    }

    return code;
}
