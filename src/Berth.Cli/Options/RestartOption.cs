using System.Globalization;
using Berth.Api.Containers;

namespace Berth.Cli.Options;

/// <summary>A restart policy, such as <c>on-failure:3</c>.</summary>
static class RestartOption
{
    public static RestartPolicy Parse(string text)
    {
        var parts = text.Split(':', 2);
        if (parts.Length == 1)
        {
            return new RestartPolicy { Name = parts[0] };
        }

        return parts[0].Length == 0
            ? throw new CommandException("invalid restart policy format: no policy provided before colon")
            : int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count)
                ? new RestartPolicy { Name = parts[0], MaximumRetryCount = count }
                : throw new CommandException("invalid restart policy format: maximum retry count must be an integer");
    }
}
