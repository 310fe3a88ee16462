using System.Globalization;
using System.Text.RegularExpressions;
using Berth.Api.Containers;
using Berth.Engine.Containers.Specs;
using Berth.Engine.Hosts;
using Berth.Linux.Cgroups;

namespace Berth.Engine.Containers;

public sealed partial class ContainerService
{
    /// <summary>The processes of a running container, as the host's ps shows them.</summary>
    /// <param name="nameOrId">The container.</param>
    /// <param name="options">Of ps; empty: -ef.</param>
    public async Task<ContainerTop> TopAsync(string nameOrId, string options)
    {
        var container = Get(nameOrId);
        var state = container.State;
        if (!state.HasProcess)
        {
            throw state.Status == ContainerStatus.Restarting ? ContainerErrors.Restarting(container.Id) : ContainerErrors.NotRunning(container.Id);
        }

        // What would give the column of process ids another title, by which it is found (as Docker refuses it, too).
        if (RenamedPid().IsMatch(options))
        {
            throw ContainerErrors.Invalid("specifying \"-o pid=\" with another title is not supported");
        }

        using var cgroup = Cgroup.TryOpen(CgroupLayout.Read(), SpecBuilder.CgroupsPathOf(_options, container))
            ?? throw ContainerErrors.NotRunning(container.Id);
        var pids = cgroup.Processes().ToHashSet();
        var words = options.Length == 0 ? ["-ef"] : options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var (exitCode, output) = await HostProgram.RunAsync("ps", [.. words, "-q", string.Join(',', pids)], _time);
        if (exitCode != 0)
        {
            // Some options contradict -q; then all processes are listed, and the others left out here.
            (exitCode, output) = await HostProgram.RunAsync("ps", words, _time);
        }

        if (exitCode != 0)
        {
            throw new EngineException(ErrorKind.InvalidParameter, $"ps: {output.Split('\n')[0]}");
        }

        var top = Parse(output, pids);
        Publish("top", container);
        return top;
    }

    private static ContainerTop Parse(string output, HashSet<int> pids)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var titles = lines.Length == 0 ? [] : Words(lines[0]);
        var column = Array.IndexOf(titles, "PID");
        if (column < 0)
        {
            throw new EngineException(ErrorKind.InvalidParameter, "Couldn't find PID field in ps output");
        }

        var processes = new List<string[]>();
        var inContainer = false;
        foreach (var line in lines.Skip(1))
        {
            var words = Words(line);
            if (words.Length > column && int.TryParse(words[column], NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                inContainer = pids.Contains(pid);
            }
            else if (words.Length <= column || words[column] != "-")
            {
                throw new EngineException(ErrorKind.System, $"Unexpected pid '{(words.Length > column ? words[column] : line)}'");
            }

            // Threads have a dash in place of their process's number.
            if (inContainer)
            {
                processes.Add(words.Length <= titles.Length
                    ? words
                    : [.. words[..(titles.Length - 1)], string.Join(' ', words[(titles.Length - 1)..])]);
            }
        }

        return new ContainerTop { Titles = titles, Processes = processes };
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"\bpid=(?!PID\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RenamedPid();
}
