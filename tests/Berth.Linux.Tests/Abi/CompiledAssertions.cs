using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Berth.Linux.Tests.Abi;

/// <summary>Static assertions in C, compiled with the system's compiler and headers. What does not hold comes back as a list of sentences.</summary>
internal static partial class CompiledAssertions
{
    internal static bool CompilerIsPresent =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(d => File.Exists(Path.Combine(d, "gcc")));

    internal static async Task<IReadOnlyList<string>> FailuresAsync(IEnumerable<AbiDeclaration> declarations, CancellationToken cancellation)
    {
        var failures = new List<string>();
        foreach (var group in declarations.Where(d => d.Expression.Length > 0).GroupBy(d => d.Headers))
        {
            failures.AddRange(await CompileAsync(group.Key, [.. group], cancellation));
        }

        return failures;
    }

    internal static string Source(string headers, IReadOnlyList<AbiDeclaration> declarations)
    {
        var c = new StringBuilder("#define _GNU_SOURCE\n#include <linux/version.h>\n#include <stddef.h>\n");
        foreach (var header in headers.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            c.Append(CultureInfo.InvariantCulture, $"#if __has_include(<{header}>)\n#include <{header}>\n#endif\n");
        }

        for (var i = 0; i < declarations.Count; i++)
        {
            var d = declarations[i];
            // System calls newer than the headers are simply not there; everything else says since when it is.
            var guard = d.Since is { } since
                ? $"LINUX_VERSION_CODE >= KERNEL_VERSION({since.Replace('.', ',')},0)"
                : d.Expression.StartsWith("SYS_", StringComparison.Ordinal) || d.Expression.StartsWith("__NR_", StringComparison.Ordinal)
                    ? $"defined({d.Expression})"
                    : "1";
            // Diagnostics name the line: it is the declaration's index and one, because a line 0 is not printed.
            c.Append(CultureInfo.InvariantCulture, $"#if {guard}\n#line {i + 1} \"assertions\"\n");
            c.Append(CultureInfo.InvariantCulture, $"_Static_assert(((unsigned long long)({d.Expression}) & {d.Mask}ull) == {d.Value & d.Mask}ull, \"value\");\n#endif\n");
        }

        return c.ToString();
    }

    private static async Task<IEnumerable<string>> CompileAsync(string headers, IReadOnlyList<AbiDeclaration> declarations, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("gcc", ["-std=gnu11", "-fsyntax-only", "-fmax-errors=0", "-x", "c", "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        using var gcc = Process.Start(start)!;
        var errors = gcc.StandardError.ReadToEndAsync(cancellation);
        await gcc.StandardInput.WriteAsync(Source(headers, declarations).AsMemory(), cancellation);
        gcc.StandardInput.Close();
        var text = await errors;
        await gcc.WaitForExitAsync(cancellation);

        var failures = Diagnostic().Matches(text)
            .Select(m => (Declaration: declarations[int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture) - 1], Error: m.Groups[2].Value))
            .DistinctBy(f => f.Declaration)
            .Select(f => f.Error.StartsWith("static assertion failed", StringComparison.Ordinal)
                ? $"{f.Declaration.Owner}: {f.Declaration.Expression} is not {f.Declaration.Value} (0x{f.Declaration.Value:x})"
                : $"{f.Declaration.Owner}: {f.Error} (newer than these headers? then [Abi(Since = \"6.x\")])")
            .ToList();
        return gcc.ExitCode != 0 && failures.Count == 0 ? [text] : failures;
    }

    [GeneratedRegex("^assertions:([0-9]+):[0-9]+: error: (.*)$", RegexOptions.Multiline)]
    private static partial Regex Diagnostic();
}
