using System.Globalization;

namespace Berth.Cli.Templates.Types;

/// <summary>The methods of Go's types that a template can call.</summary>
static class GoMethods
{
    /// <returns>Null where the type has no method of that name.</returns>
    public static GoFunction? Find(GoValue receiver, string name)
    {
        var value = receiver.Type!.Kind == GoKind.Pointer && receiver.Data is not null ? receiver.Pointee : receiver;
        if (value.Data is TemplateObject row)
        {
            return row.Method(name);
        }

        return value.Type!.Name switch
        {
            "time.Time" => value.Data is GoInstant time ? OfTime(time, name) : null,
            "time.Duration" => OfDuration((long)value.Data!, name),
            "time.Month" or "time.Weekday" or "json.Number" when name == "String" => GoFunction.Getter(() => GoValue.Of(Text(value)!)),
            "units.Ulimit" or "registry.NetIPNet" when name == "String" && value.Data is not null => GoFunction.Getter(() => GoValue.Of(Text(value)!)),
            "formatter.SubHeaderContext" when name == "Label" => new GoFunction([GoType.String], IsVariadic: false, arguments => GoValue.Of(LabelTitle((string)arguments[0].Data!))),
            "container.RestartPolicy" => value.Data is GoStructure policy ? OfText((string)policy[0].Data!, _restartPolicies, name) : null,
            var type when value.Data is string text && _ofText.TryGetValue(type, out var methods) => OfText(text, methods, name),
            _ => null,
        };
    }

    /// <returns>What a value's own String method says; null where it has none.</returns>
    public static string? Text(GoValue value) => (value.Type!.Name, value.Data) switch
    {
        ("time.Time", GoInstant time) => time.ToString(),
        ("time.Duration", long nanoseconds) => GoDurationText.Of(nanoseconds),
        ("time.Month", long month) => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName((int)month),
        ("time.Weekday", long day) => CultureInfo.InvariantCulture.DateTimeFormat.GetDayName((DayOfWeek)day),
        ("json.Number", string number) => number,
        ("*units.Ulimit", GoValue { Data: GoStructure limit }) => $"{limit[0].Data}={limit[2].Data}:{limit[1].Data}",
        ("units.Ulimit", GoStructure) or ("registry.NetIPNet", GoStructure) => Text(GoValue.PointerTo(value)),
        ("*registry.NetIPNet", GoValue { Data: GoStructure subnet }) => SubnetText(subnet),
        ("formatter.Platform", GoStructure platform) => PlatformText(platform),
        _ => null,
    };

    private static readonly string[] _platform = ["OS", "Architecture", "Variant"];

    private static readonly Dictionary<string, Func<string, GoValue>> _restartPolicies = new()
    {
        ["IsNone"] = text => GoValue.Of(text is "no" or ""),
        ["IsAlways"] = text => GoValue.Of(text == "always"),
        ["IsOnFailure"] = text => GoValue.Of(text == "on-failure"),
        ["IsUnlessStopped"] = text => GoValue.Of(text == "unless-stopped"),
    };

    private static readonly Dictionary<string, Dictionary<string, Func<string, GoValue>>> _ofText = new()
    {
        ["container.NetworkMode"] = new()
        {
            ["IsDefault"] = text => GoValue.Of(text == "default"),
            ["IsPrivate"] = text => GoValue.Of(text != "host" && !IsContainer(text)),
            ["IsNone"] = text => GoValue.Of(text == "none"),
            ["IsHost"] = text => GoValue.Of(text == "host"),
            ["IsBridge"] = text => GoValue.Of(text == "bridge"),
            ["IsContainer"] = text => GoValue.Of(IsContainer(text)),
            ["ConnectedContainer"] = text => GoValue.Of(Container(text)),
            ["IsUserDefined"] = text => GoValue.Of(IsUserDefined(text)),
            ["UserDefined"] = text => GoValue.Of(IsUserDefined(text) ? text : ""),
            ["NetworkName"] = text => GoValue.Of(IsContainer(text) ? "container" : text is "bridge" or "host" or "none" or "default" || IsUserDefined(text) ? text : ""),
        },
        ["container.IpcMode"] = new()
        {
            ["IsPrivate"] = text => GoValue.Of(text == "private"),
            ["IsHost"] = text => GoValue.Of(text == "host"),
            ["IsShareable"] = text => GoValue.Of(text == "shareable"),
            ["IsContainer"] = text => GoValue.Of(IsContainer(text)),
            ["IsNone"] = text => GoValue.Of(text == "none"),
            ["IsEmpty"] = text => GoValue.Of(text.Length == 0),
            ["Valid"] = text => GoValue.Of(text is "" or "none" or "private" or "host" or "shareable" || IsContainer(text)),
            ["Container"] = text => GoValue.Of(Container(text)),
        },
        ["container.PidMode"] = new()
        {
            ["IsPrivate"] = text => GoValue.Of(text != "host" && !IsContainer(text)),
            ["IsHost"] = text => GoValue.Of(text == "host"),
            ["IsContainer"] = text => GoValue.Of(IsContainer(text)),
            ["Valid"] = text => GoValue.Of(text is "" or "host" || Container(text).Length > 0),
            ["Container"] = text => GoValue.Of(Container(text)),
        },
        ["container.UTSMode"] = Host(),
        ["container.UsernsMode"] = Host(),
        ["container.CgroupnsMode"] = new()
        {
            ["IsPrivate"] = text => GoValue.Of(text == "private"),
            ["IsHost"] = text => GoValue.Of(text == "host"),
            ["IsEmpty"] = text => GoValue.Of(text.Length == 0),
            ["Valid"] = text => GoValue.Of(text is "" or "private" or "host"),
        },
        ["container.CgroupSpec"] = new()
        {
            ["IsContainer"] = text => GoValue.Of(IsContainer(text)),
            ["Valid"] = text => GoValue.Of(text.Length == 0 || Container(text).Length > 0),
            ["Container"] = text => GoValue.Of(Container(text)),
        },
        ["container.Isolation"] = new()
        {
            ["IsDefault"] = text => GoValue.Of(text is "" || text.Equals("default", StringComparison.OrdinalIgnoreCase)),
            ["IsHyperV"] = text => GoValue.Of(text.Equals("hyperv", StringComparison.OrdinalIgnoreCase)),
            ["IsProcess"] = text => GoValue.Of(text.Equals("process", StringComparison.OrdinalIgnoreCase)),
        },
        ["nat.Port"] = new()
        {
            ["Port"] = text => GoValue.Of(text.Split('/')[0]),
            ["Proto"] = text => GoValue.Of(text.Split('/') is [_, { Length: > 0 } protocol] ? protocol : "tcp"),
            ["Int"] = text => GoValue.Of(long.TryParse(text.Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0),
        },
        ["digest.Digest"] = new()
        {
            ["String"] = GoValue.Of,
            ["Algorithm"] = text => new GoValue(GoType.Of("digest.Algorithm"), text.Split(':')[0]),
            ["Encoded"] = text => GoValue.Of(text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..]),
            ["Hex"] = text => GoValue.Of(text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..]),
        },
        ["digest.Algorithm"] = new() { ["String"] = GoValue.Of },
    };

    private static Dictionary<string, Func<string, GoValue>> Host() => new()
    {
        ["IsPrivate"] = text => GoValue.Of(text != "host"),
        ["IsHost"] = text => GoValue.Of(text == "host"),
        ["Valid"] = text => GoValue.Of(text is "" or "host"),
    };

    private static GoFunction? OfText(string text, Dictionary<string, Func<string, GoValue>> methods, string name) =>
        methods.TryGetValue(name, out var method) ? GoFunction.Getter(() => method(text)) : null;

    private static GoFunction? OfTime(GoInstant time, string name) => name switch
    {
        "String" => GoFunction.Getter(() => GoValue.Of(time.ToString())),
        "Format" => new GoFunction([GoType.String], IsVariadic: false, arguments => GoValue.Of(time.Format((string)arguments[0].Data!))),
        "IsZero" => GoFunction.Getter(() => GoValue.Of(time.IsZero)),
        "Unix" => Number64(time.Second.ToUnixTimeSeconds()),
        "UnixMilli" => Number64(time.UnixNanoseconds / 1_000_000),
        "UnixMicro" => Number64(time.UnixNanoseconds / 1_000),
        "UnixNano" => Number64(time.UnixNanoseconds),
        "Year" => Number(time.Second.Year),
        "Month" => GoFunction.Getter(() => new GoValue(GoType.Of("time.Month"), (long)time.Second.Month)),
        "Weekday" => GoFunction.Getter(() => new GoValue(GoType.Of("time.Weekday"), (long)time.Second.DayOfWeek)),
        "Day" => Number(time.Second.Day),
        "YearDay" => Number(time.Second.DayOfYear),
        "Hour" => Number(time.Second.Hour),
        "Minute" => Number(time.Second.Minute),
        "Second" => Number(time.Second.Second),
        "Nanosecond" => Number(time.Nanosecond),
        "UTC" => GoFunction.Getter(() => new GoValue(GoType.Of(GoInstant.TypeName), time with { Second = time.Second.ToUniversalTime() })),
        "Local" => GoFunction.Getter(() => new GoValue(GoType.Of(GoInstant.TypeName), time with { Second = time.Second.ToLocalTime() })),
        _ => null,
    };

    private static GoFunction? OfDuration(long nanoseconds, string name) => name switch
    {
        "String" => GoFunction.Getter(() => GoValue.Of(GoDurationText.Of(nanoseconds))),
        "Seconds" => Real(nanoseconds / 1e9),
        "Minutes" => Real(nanoseconds / 6e10),
        "Hours" => Real(nanoseconds / 3.6e12),
        "Milliseconds" => Number64(nanoseconds / 1_000_000),
        "Microseconds" => Number64(nanoseconds / 1_000),
        "Nanoseconds" => Number64(nanoseconds),
        _ => null,
    };

    private static GoFunction Number(long value) => GoFunction.Getter(() => GoValue.Of(value));

    private static GoFunction Number64(long value) => GoFunction.Getter(() => new GoValue(GoType.Of("int64"), value));

    private static GoFunction Real(double value) => GoFunction.Getter(() => new GoValue(GoType.Float64, value));

    private static bool IsContainer(string mode) => mode == "container" || mode.StartsWith("container:", StringComparison.Ordinal);

    private static string Container(string mode) => mode.StartsWith("container:", StringComparison.Ordinal) ? mode["container:".Length..] : "";

    private static bool IsUserDefined(string mode) => mode is not ("default" or "bridge" or "host" or "none") && !IsContainer(mode);

    private static string SubnetText(GoStructure subnet)
    {
        var address = new System.Net.IPAddress(subnet[0].Items.Select(item => (byte)(ulong)item.Data!).ToArray());
        return string.Create(CultureInfo.InvariantCulture, $"{address}/{subnet[1].Items.Sum(item => System.Numerics.BitOperations.PopCount((ulong)item.Data!))}");
    }

    private static string PlatformText(GoStructure platform) =>
        string.Join('/', _platform.Select(name => (string)platform.Find(name, out _).Data!).Where(part => part.Length > 0));

    /// <summary>.Label "com.example.name" is titled by the end of the label's name.</summary>
    private static string LabelTitle(string label) => label[(label.LastIndexOf('.') + 1)..].Replace('-', ' ').Replace('_', ' ');
}
