using System.Diagnostics;
using System.Text;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>How a program that a test ran ended, and what it said.</summary>
public sealed record ShellResult(string CommandLine, int ExitCode, byte[] OutputBytes, string Error)
{
    public string Output => Encoding.UTF8.GetString(OutputBytes);

    /// <summary>Output without the line end at its end.</summary>
    public string Line => Output.TrimEnd('\n');

    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Fails the test, with all that the program said, unless it ended with the code.</summary>
    public ShellResult Expect(int exitCode)
    {
        Assert.True(
            ExitCode == exitCode,
            $"`{CommandLine}` ended with {ExitCode} instead of {exitCode}\nstdout: {Output}\nstderr: {Error}");
        return this;
    }
}

/// <summary>Runs programs of this machine, each with a time limit.</summary>
public static class Shell
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    public static async Task<ShellResult> RunAsync(
        string program,
        IEnumerable<string> arguments,
        byte[]? input = null,
        IReadOnlyDictionary<string, string>? environment = null,
        TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var commandLine = $"{Path.GetFileName(program)} {string.Join(' ', start.ArgumentList)}";
        using var timeout = new CancellationTokenSource(limit ?? Limit);
        using var process = Process.Start(start)!;
        try
        {
            var output = new MemoryStream();
            var copyOutput = process.StandardOutput.BaseStream.CopyToAsync(output, timeout.Token);
            var readError = process.StandardError.ReadToEndAsync(timeout.Token);
            try
            {
                await process.StandardInput.BaseStream.WriteAsync(input ?? [], timeout.Token);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The program ended without reading all of its input; how it ended is what counts.
            }

            await copyOutput;
            var error = await readError;
            await process.WaitForExitAsync(timeout.Token);
            return new ShellResult(commandLine, process.ExitCode, output.ToArray(), error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"`{commandLine}` did not end in time");
        }
    }
}
