using System.Globalization;

namespace Berth.Runtime.Monitor;

/// <summary>monitor.log in the bundle: what went wrong in a monitor. It has no other place to say it, and mostly there is none.</summary>
internal static class MonitorLog
{
    internal static void Write(string bundle, string text)
    {
        try
        {
            File.AppendAllText(
                Path.Combine(bundle, "monitor.log"), string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():O} {text}\n"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full or vanished disk must not end the container.
        }
    }
}
