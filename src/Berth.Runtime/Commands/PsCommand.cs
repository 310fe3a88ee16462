using System.Globalization;
using System.Text;
using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.State;

namespace Berth.Runtime.Commands;

internal static class PsCommand
{
    internal static Command Definition { get; } = new()
    {
        Name = "ps",
        Usage = "[command options] <container-id>",
        Summary = "ps displays the processes running inside a container",
        Options = [new("format", 'f', true, "select one of: table or json (default: \"table\")")],
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        var id = arguments.Exactly("ps", 1)[0];
        using var cgroup = ContainerCgroup.Open(context.Find(id));
        var processes = cgroup.Processes().Order().ToList();
        if (arguments.Value("format") is "json")
        {
            StandardOutput.Write($"[{string.Join(',', processes)}]\n");
            return 0;
        }

        var text = new StringBuilder("PID      CMD\n");
        foreach (var process in processes)
        {
            text.Append(process.ToString(CultureInfo.InvariantCulture).PadRight(9)).Append(CommandOf(process)).Append('\n');
        }

        StandardOutput.Write(text.ToString());
        return 0;
    }

    private static string CommandOf(int process)
    {
        var directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}");
        try
        {
            var line = File.ReadAllText($"{directory}/cmdline").TrimEnd('\0').Replace('\0', ' ');
            return line.Length > 0 ? line : $"[{File.ReadAllText($"{directory}/comm").TrimEnd()}]";
        }
        catch (IOException)
        {
            return "(ended)";
        }
    }
}
