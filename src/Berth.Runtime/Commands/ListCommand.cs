using System.Globalization;
using System.Text;
using System.Text.Json;
using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.State;

namespace Berth.Runtime.Commands;

internal static class ListCommand
{
    internal static Command Definition { get; } = new()
    {
        Name = "list",
        Usage = "[command options]",
        Summary = "lists containers started with the given root",
        Options =
        [
            new("format", 'f', true, "select one of: table or json (default: \"table\")"),
            new("quiet", 'q', false, "display only container IDs"),
        ],
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        _ = arguments.Exactly("list", 0);
        var reports = new List<StateReport>();
        var paths = Directory.Exists(context.Root) ? Directory.GetDirectories(context.Root) : [];
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var directory = context.Directory(Path.GetFileName(path));

            // One that is being made or removed has no record (any more).
            if (directory.TryRead() is { } record)
            {
                reports.Add(StateReport.Of(directory, record));
            }
        }

        if (arguments.Has("quiet"))
        {
            StandardOutput.Write(string.Concat(reports.Select(r => r.Id + "\n")));
        }
        else if (arguments.Value("format") is "json")
        {
            StandardOutput.Write(JsonSerializer.SerializeToUtf8Bytes(reports, StateReportJson.Default.ListStateReport));
            StandardOutput.Write("\n");
        }
        else
        {
            StandardOutput.Write(Table(reports));
        }

        return 0;
    }

    private static string Table(List<StateReport> reports)
    {
        List<string[]> rows = [["ID", "PID", "STATUS", "BUNDLE", "CREATED"]];
        foreach (var report in reports)
        {
            rows.Add([report.Id, report.Pid.ToString(CultureInfo.InvariantCulture), report.Status, report.Bundle, report.Created.ToString("O", CultureInfo.InvariantCulture)]);
        }

        var text = new StringBuilder();
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++)
            {
                text.Append(column == row.Length - 1 ? row[column] : row[column].PadRight(rows.Max(r => r[column].Length) + 3));
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
