using System.Globalization;
using Berth.Api.Containers;

namespace Berth.Cli.Options;

/// <summary>The value of <c>--gpus</c>: <c>all</c>, a count, or <c>device=0,capabilities=utility</c>.</summary>
static class GpuOption
{
    public static void Add(string text, List<DeviceRequest> requests) => requests.Add(Parse(text));

    private static DeviceRequest Parse(string text)
    {
        int? count = null;
        var (driver, devices) = ("", new List<string>());
        IReadOnlyList<IReadOnlyList<string>> capabilities = [["gpu"]];
        var options = new Dictionary<string, string>();
        foreach (var field in CommaSeparated.Parse(text))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            var (key, value) = equals < 0 ? ("count", field) : (field[..equals].ToLowerInvariant(), field[(equals + 1)..]);
            switch (key)
            {
                case "driver":
                    driver = value;
                    break;
                case "count":
                    count = Count(value);
                    break;
                case "device":
                    devices.AddRange(value.Split(','));
                    break;
                case "capabilities":
                    capabilities = [[.. value.Split(',').Append("gpu").Distinct()]];
                    break;
                case "options":
                    foreach (var option in value.Split(','))
                    {
                        var split = option.IndexOf('=', StringComparison.Ordinal);
                        options[split < 0 ? option : option[..split]] = split < 0 ? "" : option[(split + 1)..];
                    }

                    break;
                default:
                    throw new FormatException($"unexpected key '{key}' in '{field}'");
            }
        }

        return new DeviceRequest
        {
            Driver = driver,
            Count = count ?? (devices.Count == 0 ? 1 : 0),
            DeviceIDs = devices.Count == 0 ? null : devices,
            Capabilities = capabilities,
            Options = options,
        };
    }

    private static int Count(string text) => text == "all" ? -1
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) ? count
        : throw new FormatException($"invalid count ({text}): value must be either \"all\" or an integer: invalid syntax");
}
