using System.Buffers.Binary;
using Berth.Linux.Native;

namespace Berth.Linux.Seccomp;

/// <summary>
/// Makes the classic BPF program of a profile: a pure function from values to bytes. The program tells the architectures apart, then
/// finds the call's number by binary search over ranges that share an answer.
/// </summary>
/// <remarks>Of two rules for one call, one without conditions counts; else the first whose conditions hold.</remarks>
public static class SeccompCompiler
{
    private const uint X32Bit = 0x40000000;

    public static byte[] Compile(SeccompProfile profile)
    {
        var architectures = profile.Architectures;
        var program = new List<ulong> { FilterInstruction.Load(FilterInstruction.ArchitectureOffset) };
        if (architectures.Contains(SeccompArchitecture.X64) || architectures.Contains(SeccompArchitecture.X32))
        {
            Add(program, Libc.AUDIT_ARCH_X86_64, X64Ranges(profile));
        }

        if (architectures.Contains(SeccompArchitecture.X86))
        {
            Add(program, Libc.AUDIT_ARCH_I386, Ranges(profile, SeccompArchitecture.X86, 0));
        }

        if (architectures.Contains(SeccompArchitecture.Arm64))
        {
            Add(program, Libc.AUDIT_ARCH_AARCH64, Ranges(profile, SeccompArchitecture.Arm64, 0));
        }

        program.Add(FilterInstruction.Return(SeccompAction.KillProcess));
        if (program.Count > Libc.BPF_MAXINSNS)
        {
            throw new LinuxException("seccomp", Errno.E2BIG, $"filter of {program.Count} instructions");
        }

        var bytes = new byte[program.Count * SeccompFilter.InstructionSize];
        for (var i = 0; i < program.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * SeccompFilter.InstructionSize), program[i]);
        }

        return bytes;
    }

    private static void Add(List<ulong> program, uint architecture, List<FilterRange> ranges)
    {
        var body = FilterSearch.Build(ranges);
        // A body is longer than a conditional jump reaches.
        program.Add(FilterInstruction.JumpIfEqual(architecture, 1, 0));
        program.Add(FilterInstruction.Jump(body.Count + 1));
        program.Add(FilterInstruction.Load(FilterInstruction.NumberOffset));
        program.AddRange(body);
    }

    // The calls of x32 are a second table from bit 30 on. -1 is what a tracer makes of a call that it skips.
    private static List<FilterRange> X64Ranges(SeccompProfile profile) =>
    [
        .. RangesOrNone(profile, SeccompArchitecture.X64, 0),
        .. RangesOrNone(profile, SeccompArchitecture.X32, X32Bit),
        new FilterRange(uint.MaxValue, FilterInstruction.Return(profile.DefaultAction)),
    ];

    private static List<FilterRange> RangesOrNone(SeccompProfile profile, SeccompArchitecture architecture, uint first) =>
        profile.Architectures.Contains(architecture)
            ? Ranges(profile, architecture, first)
            : [new FilterRange(first, FilterInstruction.Return(SeccompAction.KillProcess))];

    // The numbers from first on, in ranges that share an answer.
    private static List<FilterRange> Ranges(SeccompProfile profile, SeccompArchitecture architecture, uint first)
    {
        var rules = SyscallRules.Of(profile, architecture);
        var otherwise = FilterInstruction.Return(profile.DefaultAction);
        var ranges = new List<FilterRange>();
        var next = first;
        foreach (var (number, calls) in rules)
        {
            if (number + first > next)
            {
                Append(ranges, new FilterRange(next, otherwise));
            }

            Append(ranges, new FilterRange(number + first, FilterConditions.Build(calls, profile.DefaultAction, architecture)));
            next = number + first + 1;
        }

        // A call newer than any that the profile knows is answered as a kernel without it would: a program then uses an older
        // one, where "not permitted" would make it give up. runc does the same.
        var newer = profile.DefaultAction.LetsPass || rules.Count == 0 ? profile.DefaultAction : SeccompAction.Fail(Errno.ENOSYS);
        Append(ranges, new FilterRange(next, FilterInstruction.Return(newer)));
        return ranges;
    }

    private static void Append(List<FilterRange> ranges, FilterRange range)
    {
        if (ranges.Count == 0 || !ranges[^1].HasSameAnswer(range))
        {
            ranges.Add(range);
        }
    }
}
