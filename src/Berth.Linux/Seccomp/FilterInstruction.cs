using Berth.Linux.Native;

namespace Berth.Linux.Seccomp;

/// <summary>Instructions of classic BPF as the kernel keeps them: 8 bytes each (struct sock_filter).</summary>
internal static class FilterInstruction
{
    // Offsets in struct seccomp_data.
    internal const int NumberOffset = 0;
    internal const int ArchitectureOffset = 4;

    /// <summary>How far a conditional jump reaches.</summary>
    internal const int Reach = byte.MaxValue;

    internal static ulong Load(int offset) => Encode(Libc.BPF_LD | Libc.BPF_W | Libc.BPF_ABS, 0, 0, (uint)offset);

    /// <summary>Half of an argument; all of our architectures are little-endian.</summary>
    internal static ulong LoadArgument(int argument, bool high) => Load(16 + (argument * 8) + (high ? 4 : 0));

    internal static ulong And(uint mask) => Encode(Libc.BPF_ALU | Libc.BPF_AND | Libc.BPF_K, 0, 0, mask);

    internal static ulong Jump(int distance) => Encode(Libc.BPF_JMP | Libc.BPF_JA, 0, 0, (uint)distance);

    internal static ulong JumpIfEqual(uint value, int then, int otherwise) => Encode(Libc.BPF_JMP | Libc.BPF_JEQ | Libc.BPF_K, then, otherwise, value);

    internal static ulong JumpIfGreater(uint value, int then, int otherwise) => Encode(Libc.BPF_JMP | Libc.BPF_JGT | Libc.BPF_K, then, otherwise, value);

    internal static ulong JumpIfNotLess(uint value, int then, int otherwise) => Encode(Libc.BPF_JMP | Libc.BPF_JGE | Libc.BPF_K, then, otherwise, value);

    internal static ulong Return(SeccompAction action) => Encode(Libc.BPF_RET | Libc.BPF_K, 0, 0, action.Value);

    private static ulong Encode(int code, int then, int otherwise, uint value) =>
        (ushort)code | (ulong)checked((byte)then) << 16 | (ulong)checked((byte)otherwise) << 24 | (ulong)value << 32;
}
