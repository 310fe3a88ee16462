using System.Globalization;
using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>What a process does about each signal (proc_pid_status(5)). Bit n-1 stands for signal n.</summary>
/// <param name="Caught">It has a handler.</param>
/// <param name="Blocked">A thread blocks it, or is in sigwait(3): it may be waiting for it in another way than with a handler.</param>
/// <param name="Ignored">It has said that it wants none.</param>
/// <param name="IsInit">It is the first process of a pid namespace below this one: signals without a handler do nothing to it.</param>
public readonly record struct SignalMasks(ulong Caught, ulong Blocked, ulong Ignored, bool IsInit)
{
    /// <returns>Null where there is no such process any more.</returns>
    public static SignalMasks? TryRead(int process)
    {
        try
        {
            var directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}");
            var masks = Parse(File.ReadLines($"{directory}/status"));
            foreach (var thread in Directory.EnumerateDirectories($"{directory}/task"))
            {
                // While it is in sigwait, the signals that it waits for do not show as blocked.
                var blocked = IsInSignalWait(File.ReadAllText($"{thread}/syscall")) ? ulong.MaxValue : Parse(File.ReadLines($"{thread}/status")).Blocked;
                masks = masks with { Blocked = masks.Blocked | blocked };
            }

            return masks;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// The kernel drops the signal: the process has said nothing about it, and as the first of its namespace it does not die of it
    /// either. One that ignores the signal on purpose is another matter.
    /// </summary>
    public bool IsLostOn(int signal)
    {
        var bit = 1UL << (signal - 1);
        return IsInit && ((Caught | Blocked | Ignored) & bit) == 0;
    }

    internal static SignalMasks Parse(IEnumerable<string> status)
    {
        var masks = default(SignalMasks);
        foreach (var line in status)
        {
            masks = line.Split(':', 2) switch
            {
                ["SigCgt", var value] => masks with { Caught = Mask(value) },
                ["SigBlk", var value] => masks with { Blocked = Mask(value) },
                ["SigIgn", var value] => masks with { Ignored = Mask(value) },
                ["NSpid", var value] => masks with { IsInit = value.Split('\t', StringSplitOptions.RemoveEmptyEntries) is [_, .., "1"] },
                _ => masks,
            };
        }

        return masks;
    }

    /// <param name="call">The number of the system call that a thread is in, and its arguments; or "running".</param>
    private static bool IsInSignalWait(string call) =>
        int.TryParse(call.Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number == Arch.SYS_rt_sigtimedwait;

    private static ulong Mask(string value) => ulong.Parse(value.Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
