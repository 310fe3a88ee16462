using System.Globalization;
using System.Text.RegularExpressions;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults.Soak;

/// <summary>The same through a command line, which prints what it was told, or that its connection broke.</summary>
internal sealed partial class SoakCommand(SoakDaemon daemon, Client client, string container, int number)
{
    /// <returns>False where the daemon was killed meanwhile, and the client said so.</returns>
    public async Task<bool> RunAsync()
    {
        var then = daemon.Now;
        var code = number % 100;
        var word = string.Create(CultureInfo.InvariantCulture, $"word {number}");
        var command = number % 2 == 0 ? $"exec {container}" : "run --rm --network none busybox";
        var result = await client.ScriptAsync(command, $"echo {word}; exit {code}");
        if (result.ExitCode == code && result.Line == word)
        {
            return true;
        }

        Assert.True(daemon.WasKilledSince(then), $"`{result.CommandLine}` ended with {result.ExitCode} and no kill between: {result.Output}{result.Error}");

        // 255 and not a word: the daemon was gone when the client asked for the exec's exit code.
        Assert.True(result.ExitCode is 1 or 125 or 255, $"`{result.CommandLine}` answered wrongly: {result.ExitCode} {result.Output}{result.Error}");
        Assert.Matches(result.ExitCode == 255 ? "^$" : LostConnection.ToString(), result.Error);
        return false;
    }

    [GeneratedRegex("(?i)connect|EOF|reset|broken pipe|No such exec")]
    private static partial Regex LostConnection { get; }
}
