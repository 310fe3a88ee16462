using System.Diagnostics;

namespace Berth.Runtime.Tests;

/// <summary>The published runtime, run as an engine runs it. BERTH_RUNTIME names another, so that other OCI runtimes can be held to the same tests.</summary>
internal static class RuntimeBinary
{
    internal static string Path =>
        Environment.GetEnvironmentVariable("BERTH_RUNTIME")
            ?? System.IO.Path.GetFullPath(System.IO.Path.Combine(AppContext.BaseDirectory, "../../../../out/berth-runtime"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<Result> RunAsync(string input, params IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var error = process.StandardError.ReadToEndAsync(Cancellation);
        await process.StandardInput.WriteAsync(input.AsMemory(), Cancellation);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Cancellation);
        return new Result(process.ExitCode, await output, await error);
    }

    internal static Process Start(IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(Path, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    /// <summary>Runs it with its output in a file: what a container inherits must not keep the test's pipes open.</summary>
    internal static async Task<Result> RunDetachedAsync(string outputPath, params IEnumerable<string> arguments)
    {
        string[] command = ["-c", $"exec \"$0\" \"$@\" </dev/null >\"{outputPath}\" 2>&1", Path, .. arguments];
        using var process = Process.Start("/bin/sh", command);
        await process.WaitForExitAsync(Cancellation);
        return new Result(process.ExitCode, await File.ReadAllTextAsync(outputPath, Cancellation), "");
    }
}

internal sealed record Result(int ExitCode, string Output, string Error);
