using System.Text;
using System.Text.Json;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Images;

/// <summary>The listing of images in which each has its platforms below it, laid out as docker 28.2 does it.</summary>
/// <param name="columns">How wide the terminal is; 0: it does not say; null: it is none, and only the titles are coloured.</param>
sealed class ImageTree(int? columns)
{
    private const string Warning = "WARNING: This is an experimental feature. The output may change and shouldn't be depended on.";
    private const string Untagged = "<untagged>";
    private const int UsualWidth = 80;
    private const int NarrowestTerminal = 20;
    private const int NarrowestName = 12;
    private const int Spacing = 3;
    private const int LegendWidth = 18;
    private const int ColoredLegendWidth = 21;

    private const string Bold = "\e[39m\e[1m";
    private const string Faint = "\e[39m\e[2m";
    private const string Normal = "\e[39m";
    private const string Name = "\e[34m\e[1m";
    private const string Bright = "\e[93m";
    private const string Reset = "\e[0m";
    private const string UsedMark = "\e[38;5;0m\e[48;5;14m U \e[0m";

    private static readonly (string Title, int Width, bool Right)[] _valueColumns =
    [
        ("ID", ShortId.Length, false), ("DISK USAGE", 10, true), ("CONTENT SIZE", 12, true), ("EXTRA", 5, false),
    ];

    private readonly StringBuilder _text = new();
    private int _shownColumns;
    private int _nameWidth;

    /// <summary>Lays the images out for standard output.</summary>
    public static ImageTree ForOutput() => new(
        StandardTerminal.Is(StandardDescriptor.Output) ? StandardTerminal.TrySize(StandardDescriptor.Output)?.Columns ?? 0 : null);

    /// <param name="answer">The daemon's list.</param>
    /// <param name="all">Also images without a name.</param>
    public string Print(JsonElement answer, bool all)
    {
        var images = answer.EnumerateArray().Select(Image.Of).Where(i => all || i.Names.Count > 0).OrderByDescending(i => i.Created).ToList();
        Measure(images);
        _text.Append(Colored(Bright, Warning)).Append('\n');
        AppendLegend();
        AppendTitles();
        var isTree = images.Exists(i => i.Platforms.Count > 0);

        // docker believes the count of an image's containers only beside a platform that is in use.
        var showsUse = images.Exists(i => i.Platforms.Exists(p => p.Values.Used));
        foreach (var image in images)
        {
            Append(image with { Values = image.Values with { Used = image.Values.Used && showsUse } });
            if (isTree)
            {
                _text.Append('\n');
            }
        }

        return _text.ToString();
    }

    private int Width => Math.Max(columns is null or 0 ? UsualWidth : columns.Value, NarrowestTerminal);

    /// <summary>The columns of values stand as long as they leave the names their least; the names get what is over, if they need it.</summary>
    private void Measure(List<Image> images)
    {
        _nameWidth = Width;
        foreach (var column in _valueColumns)
        {
            var rest = _nameWidth - column.Width - Spacing;
            if (rest < NarrowestName)
            {
                break;
            }

            _nameWidth = rest;
            _shownColumns++;
        }

        // In bytes, as docker counts them here: a platform's branch is wider than it looks.
        var widest = images.SelectMany(i => i.Names.Concat(i.Platforms.Select((p, at) => Branch(i, at) + p.Name)))
            .Select(Encoding.UTF8.GetByteCount).Append("IMAGE".Length).Max();
        _nameWidth = Math.Min(_nameWidth, widest);
    }

    private void AppendLegend()
    {
        var width = columns is null ? LegendWidth : ColoredLegendWidth;
        _text.Append(' ', Math.Max(0, Width - width))
            .Append(columns is null ? "Info ->  U In Use " : $"\e[1m\e[106m\e[30mi\e[0m\e[0m \e[96mInfo → \e[0m\e[0m {UsedMark} In Use ")
            .Append("\n\n");
    }

    private void AppendTitles()
    {
        // Coloured wherever they go.
        _text.Append(Bold).Append("IMAGE").Append(Reset).Append(' ', _nameWidth - "IMAGE".Length);
        foreach (var (title, width, right) in _valueColumns[.._shownColumns])
        {
            _text.Append(' ', Spacing);
            AppendCell($"{Bold}{title}{Reset}", title.Length, width, right);
        }

        _text.Append('\n');
    }

    private void Append(Image image)
    {
        // The longest stand first; the values stand beside the last.
        for (var i = 0; i < image.Names.Count - 1; i++)
        {
            _text.Append(Colored(Name, columns > 0 ? Cut(image.Names[i], columns.Value) : image.Names[i])).Append('\n');
        }

        AppendLine(image.Names.Count > 0 ? image.Names[^1] : Untagged, image.Names.Count > 0 ? Name : Faint, image.Values, Normal);
        for (var i = 0; i < image.Platforms.Count; i++)
        {
            var (name, available, values) = image.Platforms[i];
            var color = available ? Normal : Faint;
            AppendLine(Branch(image, i) + name, color, values, color);
        }
    }

    private static string Branch(Image image, int platform) => platform < image.Platforms.Count - 1 ? "├─ " : "└─ ";

    private void AppendLine(string name, string nameColor, Values values, string color)
    {
        var shown = Cut(name, _nameWidth);
        AppendCell(Colored(nameColor, shown), Length(shown), _nameWidth, right: false);
        string[] cells = [values.Id, HumanSize.Of(values.DiskUsage, 3), HumanSize.Of(values.ContentSize, 3)];
        for (var i = 0; i < _shownColumns; i++)
        {
            var (_, width, right) = _valueColumns[i];
            _text.Append(' ', Spacing);
            if (i < cells.Length)
            {
                AppendCell(Colored(color, cells[i]), cells[i].Length, width, right);
            }
            else if (values.Used)
            {
                AppendCell(columns is null ? "U" : UsedMark, columns is null ? 1 : 3, width, right);
            }
            else
            {
                _text.Append(' ', width);
            }
        }

        _text.Append('\n');
    }

    private void AppendCell(string text, int length, int width, bool right)
    {
        var fill = Math.Max(0, width - length);
        _text.Append(' ', right ? fill : 0).Append(text).Append(' ', right ? 0 : fill);
    }

    private string Colored(string color, string text) => columns is null ? text : $"{color}{text}{Reset}";

    private static int Length(string text) => text.EnumerateRunes().Count();

    private static string Cut(string text, int length) =>
        Length(text) <= length ? text : string.Concat(text.EnumerateRunes().Take(length - 1).Select(r => r.ToString())) + "…";

    private readonly record struct Values(string Id, long DiskUsage, long ContentSize, bool Used);

    private sealed record Platform(string Name, bool Available, Values Values)
    {
        public static Platform Of(JsonElement manifest)
        {
            var (size, data) = (manifest.GetProperty("Size"), manifest.GetProperty("ImageData"));
            var platform = data.GetProperty("Platform");
            string[] parts = [platform.Text("os"), platform.Text("architecture"), platform.Text("variant")];
            return new Platform(
                parts[0].Length == 0 ? "unknown" : string.Join('/', parts.Where(p => p.Length > 0)),
                manifest.Flag("Available"),
                new Values(ShortId.Of(manifest.Text("ID")), size.Number("Total"), size.Number("Content"), data.Items("Containers").Any()));
        }
    }

    private sealed record Image(IReadOnlyList<string> Names, long Created, Values Values, List<Platform> Platforms)
    {
        public static Image Of(JsonElement image)
        {
            var manifests = image.Items("Manifests").ToList();
            var platforms = manifests.Where(m => m.Text("Kind") == "image").Select(Platform.Of).ToList();
            return new Image(
                [.. image.Texts("RepoTags").OrderByDescending(n => n.Length)],
                image.Number("Created"),
                new Values(
                    ShortId.Of(image.Text("Id")),
                    image.Number("Size"),
                    manifests.Sum(m => m.GetProperty("Size").Number("Content")),
                    platforms.Exists(p => p.Values.Used) || image.Number("Containers") > 0),
                platforms);
        }
    }
}
