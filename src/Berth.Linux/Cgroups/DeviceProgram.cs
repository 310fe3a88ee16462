using System.Buffers.Binary;
using Berth.Linux.Native;

namespace Berth.Linux.Cgroups;

/// <summary>Device rules as a BPF program of type BPF_PROG_TYPE_CGROUP_DEVICE, which is how v2 takes them. A pure function from rules to bytes.</summary>
internal static class DeviceProgram
{
    internal const int InstructionSize = 8;

    // Registers: r0 the answer, r1 the context and later a scratch, r2 the kind, r3 the access, r4 and r5 the numbers.
    private const byte Answer = 0, Scratch = 1, Kind = 2, Access = 3, Major = 4, Minor = 5;

    internal static byte[] Build(DevicePolicy policy)
    {
        var program = new List<ulong>
        {
            // access_type has the access in its upper half, the kind in its lower one.
            Load(Kind, 0),
            Move(Access, Kind),
            Operate(Libc.BPF_AND, Kind, 0xFFFF),
            Operate(Libc.BPF_RSH, Access, 16),
            Load(Major, 4),
            Load(Minor, 8),
        };
        foreach (var (device, access) in policy.Exceptions)
        {
            program.AddRange(Exception(device, access, policy.AllowsByDefault));
        }

        program.AddRange(Return(policy.AllowsByDefault));
        var bytes = new byte[program.Count * InstructionSize];
        for (var i = 0; i < program.Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * InstructionSize), program[i]);
        }

        return bytes;
    }

    private static List<ulong> Exception(DeviceNumber device, DeviceAccess access, bool allowsByDefault)
    {
        // Each test leads past the end when it fails; how far that is, is known once all are there.
        var tests = new List<Func<int, ulong>>();
        tests.Add(left => JumpIfNot(Kind, device.Kind == DeviceKind.Block ? Libc.BPF_DEVCG_DEV_BLOCK : Libc.BPF_DEVCG_DEV_CHAR, left));
        if (device.Major is { } major)
        {
            tests.Add(left => JumpIfNot(Major, (int)major, left));
        }

        if (device.Minor is { } minor)
        {
            tests.Add(left => JumpIfNot(Minor, (int)minor, left));
        }

        if (access != DeviceAccess.All)
        {
            tests.Add(_ => Move(Scratch, Access));
            tests.Add(_ => Operate(Libc.BPF_AND, Scratch, (int)access));
            // Allowed when all that is asked for is; denied when any of it is.
            tests.Add(left => allowsByDefault ? JumpIf(Scratch, 0, left) : JumpIfDiffers(Scratch, Access, left));
        }

        var answer = Return(!allowsByDefault);
        return [.. tests.Select((test, i) => test(tests.Count - i - 1 + answer.Length)), .. answer];
    }

    private static ulong[] Return(bool allow) => [Encode(Libc.BPF_ALU64 | Libc.BPF_MOV | Libc.BPF_K, Answer, 0, 0, allow ? 1 : 0), Encode(Libc.BPF_JMP | Libc.BPF_EXIT, 0, 0, 0, 0)];

    private static ulong Load(byte register, short offset) => Encode(Libc.BPF_LDX | Libc.BPF_MEM | Libc.BPF_W, register, Scratch, offset, 0);

    private static ulong Move(byte to, byte from) => Encode(Libc.BPF_ALU64 | Libc.BPF_MOV | Libc.BPF_X, to, from, 0, 0);

    private static ulong Operate(int operation, byte register, int value) => Encode(Libc.BPF_ALU64 | operation | Libc.BPF_K, register, 0, 0, value);

    private static ulong JumpIf(byte register, int value, int distance) => Encode(Libc.BPF_JMP | Libc.BPF_JEQ | Libc.BPF_K, register, 0, (short)distance, value);

    private static ulong JumpIfNot(byte register, int value, int distance) => Encode(Libc.BPF_JMP | Libc.BPF_JNE | Libc.BPF_K, register, 0, (short)distance, value);

    private static ulong JumpIfDiffers(byte register, byte other, int distance) => Encode(Libc.BPF_JMP | Libc.BPF_JNE | Libc.BPF_X, register, other, (short)distance, 0);

    // struct bpf_insn: code, destination and source in half a byte each, offset, immediate.
    private static ulong Encode(int code, byte destination, byte source, short offset, int immediate) =>
        (byte)code | (ulong)destination << 8 | (ulong)source << 12 | (ulong)(ushort)offset << 16 | (ulong)(uint)immediate << 32;
}
