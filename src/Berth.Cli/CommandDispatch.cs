using Berth.Cli.CommandLine;
using Berth.Linux.Terminals;

namespace Berth.Cli;

/// <summary>Finds the command that a command line names, parses its flags and runs it.</summary>
sealed class CommandDispatch(CommandTable table, TimeProvider time)
{
    /// <summary>How wide help is where it is not read on a terminal.</summary>
    private const int DefaultColumns = 80;

    /// <summary>The command as the user wrote it, once that is known.</summary>
    public string Name { get; private set; } = "berth";

    public string UsageLine { get; private set; } = "Usage:  berth [OPTIONS] COMMAND [ARG...]";

    public int Run(string[] args)
    {
        var flags = new GlobalFlags(ConfigDirectory());
        var words = flags.Flags.Parse(args);
        if (flags.Version.Value)
        {
            return Print($"Berth version {BuildFacts.Version}, build {BuildFacts.Commit}\n");
        }

        flags.CheckLogLevel();
        var help = flags.Flags.HelpRequested;
        if (words is ["help", ..])
        {
            help = true;
            words.RemoveAt(0);
            if (words.Count > 0 && table.FindGroup(words[0]) is null && table.Find(words[0]) is null)
            {
                throw new CommandException($"unknown help topic: {words[0]}");
            }
        }

        if (words.Count == 0)
        {
            return Print(Page().Root(flags));
        }

        if (table.FindGroup(words[0]) is not { } group)
        {
            var entry = table.Find(words[0])
                ?? throw new CommandException($"berth: unknown command: berth {words[0]}\n\nRun 'berth --help' for more information");
            return Run(entry, words[0], [.. words.Skip(1)], flags, help);
        }

        if (words.Count == 1 || words[1] == "--help")
        {
            return Print(Page().Group(group));
        }

        var found = table.Find(group, words[1]) ?? throw new CommandException(
            $"berth: unknown command: berth {group.Name} {words[1]}\n\nUsage:  berth {group.Name}\n\nRun 'berth {group.Name} --help' for more information");
        return Run(found, found.Path, [.. words.Skip(2)], flags, help);
    }

    private int Run(CommandEntry entry, string invokedAs, string[] words, GlobalFlags globals, bool help)
    {
        var command = entry.Create();
        Name = $"berth {invokedAs}";
        UsageLine = HelpPage.Usage(invokedAs, command);
        var arguments = help ? [] : command.Flags.Parse(words);
        using var session = new Session(entry, invokedAs, globals, time);
        command.Flags.Warnings.ForEach(session.Warn);
        if (help || command.Flags.HelpRequested)
        {
            return Print(Page().Command(entry, invokedAs, command));
        }

        if (!command.Count.Accepts(arguments.Count))
        {
            throw new ArgumentCountException(command.Count);
        }

        // Before the command does anything, as with Docker: it may fail in words of its own.
        _ = session.Address;
        RefuseFlags(command);
        return command.Run(session, arguments);
    }

    /// <summary>Refuses the flags that are only there to be refused.</summary>
    private static void RefuseFlags(Command command)
    {
        // Not with LINQ: its first query of a process costs a tenth of a millisecond, and every command passes here.
        var refusals = new List<string>();
        foreach (var flag in command.Flags.All)
        {
            if (flag is { IsSet: true, Refusal: { } refusal })
            {
                refusals.Add(refusal);
            }
        }

        if (refusals.Count > 0)
        {
            throw new CommandException(string.Join('\n', refusals));
        }
    }

    private HelpPage Page() =>
        new(table, StandardTerminal.TrySize(StandardDescriptor.Input) is { Columns: > 0 } size ? size.Columns : DefaultColumns);

    private static int Print(string text)
    {
        var output = new OutputWriter(new StandardStream(StandardDescriptor.Output));
        output.Write(text);
        output.Flush();
        return 0;
    }

    private static string ConfigDirectory() =>
        Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetEnvironmentVariable("HOME") ?? "/", ".docker");
}
