using System.Globalization;
using System.Text.Json;
using Berth.Linux;
using Berth.Linux.Descriptors;
using Berth.Linux.Events;
using Berth.Linux.Files;
using Berth.Linux.Namespaces;
using Berth.Linux.Processes;
using Berth.Oci.Runtime;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Hooks;

/// <summary>Runs the programs that a specification wants to be run around a container's life (config.md, "POSIX-platform Hooks").</summary>
internal static class HookRunner
{
    private const int Kill = 9;
    private const int NotExecuted = 127;

    /// <summary>There are hooks between the making of the namespaces and pivot_root, which run outside.</summary>
    internal static bool HasCreationHooks(OciSpec spec) => spec.Hooks is { Prestart.Count: > 0 } or { CreateRuntime.Count: > 0 };

    /// <summary>Runs hooks one after the other, each with the container's state on its standard input.</summary>
    /// <param name="environment">For a hook without one of its own; null: this process's.</param>
    /// <exception cref="StartException">One failed; those after it were not run.</exception>
    internal static void Run(IReadOnlyList<OciHook>? hooks, OciState state, IReadOnlyList<string>? environment = null)
    {
        for (var i = 0; i < (hooks?.Count ?? 0); i++)
        {
            var problem = Run(hooks![i], state, environment);
            if (problem is not null)
            {
                throw StartException.Of("hooks", string.Create(CultureInfo.InvariantCulture, $"error running hook #{i}: {hooks[i].Path}: {problem}"));
            }
        }
    }

    private static string? Run(OciHook hook, OciState state, IReadOnlyList<string>? environment)
    {
        var image = new ProgramImage(
            hook.Args is { Count: > 0 } arguments ? [.. arguments] : [hook.Path], [.. hook.Env ?? environment ?? OwnEnvironment()]);
        var (read, write) = Pipe.Open();
        using (read)
        using (write)
        {
            using var process = ForkWindow.Clone(NamespaceKinds.None);
            if (process is null)
            {
                ForkWindow.Exit(Execute(hook, image, read));
            }

            // A state is a few hundred bytes, which a pipe holds: a hook that never reads does not stop us.
            DescriptorStream.SetNonBlocking(write);
            _ = DescriptorStream.Write(write, JsonSerializer.SerializeToUtf8Bytes(state, OciRuntimeJson.Default.OciState), out _);
            write.Dispose();
            return Wait(process!, hook.Timeout);
        }
    }

    private static int Execute(OciHook hook, ProgramImage image, FileDescriptor input)
    {
        try
        {
            using var nothing = OpenFile.ReadWrite("/dev/null");
            DescriptorTable.Assign(input, 0);
            DescriptorTable.Assign(nothing, 1);
            DescriptorTable.Assign(nothing, 2);
            DescriptorTable.CloseAllBut([], 3);
            ProcessControl.ResetSignals();
            _ = image.Execute(hook.Path);
        }
        catch (Exception)
        {
            // The exit code says it; what went past here would unwind into a copy of the parent's work.
        }

        return NotExecuted;
    }

    private static string? Wait(ProcessHandle process, int? timeoutSeconds)
    {
        using var events = new EventQueue();
        events.Add(process.Descriptor, 0, ReadyEvents.Readable);
        var milliseconds = timeoutSeconds is { } seconds and > 0 and < int.MaxValue / 1000 ? seconds * 1000 : -1;
        if (!events.Wait(milliseconds))
        {
            _ = process.TrySignal(Kill);
            _ = process.Reap();
            return string.Create(CultureInfo.InvariantCulture, $"did not end within {timeoutSeconds} seconds");
        }

        var status = process.Reap();
        return status.ShellCode == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"exit status {status.ShellCode}");
    }

    private static List<string> OwnEnvironment()
    {
        var environment = new List<string>();
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            environment.Add($"{entry.Key}={entry.Value}");
        }

        return environment;
    }
}
