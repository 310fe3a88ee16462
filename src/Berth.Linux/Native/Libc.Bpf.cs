using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>bpf(2), for programs of cgroups. The classic instructions that seccomp takes share the codes.</summary>
internal static unsafe partial class Libc
{
    internal const int BPF_LD = 0x00;
    internal const int BPF_LDX = 0x01;
    internal const int BPF_ALU = 0x04;
    internal const int BPF_JMP = 0x05;
    internal const int BPF_RET = 0x06;
    internal const int BPF_ALU64 = 0x07;
    internal const int BPF_W = 0x00;
    internal const int BPF_ABS = 0x20;
    internal const int BPF_MEM = 0x60;
    internal const int BPF_K = 0x00;
    internal const int BPF_X = 0x08;
    internal const int BPF_AND = 0x50;
    internal const int BPF_RSH = 0x70;
    internal const int BPF_MOV = 0xB0;
    internal const int BPF_JA = 0x00;
    internal const int BPF_JEQ = 0x10;
    internal const int BPF_JGT = 0x20;
    internal const int BPF_JGE = 0x30;
    internal const int BPF_JNE = 0x50;
    internal const int BPF_EXIT = 0x90;

    internal const int BPF_PROG_LOAD = 5;
    internal const int BPF_PROG_ATTACH = 8;
    internal const int BPF_PROG_GET_FD_BY_ID = 13;
    internal const int BPF_PROG_QUERY = 16;
    internal const uint BPF_PROG_TYPE_CGROUP_DEVICE = 15;
    internal const uint BPF_CGROUP_DEVICE = 6;
    internal const uint BPF_F_ALLOW_MULTI = 2;
    internal const uint BPF_F_REPLACE = 4;
    internal const int BPF_DEVCG_DEV_BLOCK = 1;
    internal const int BPF_DEVCG_DEV_CHAR = 2;
    internal const int BPF_DEVCG_ACC_MKNOD = 1;
    internal const int BPF_DEVCG_ACC_READ = 2;
    internal const int BPF_DEVCG_ACC_WRITE = 4;

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    internal static partial nint bpf(nint number, int cmd, void* attr, nuint size);

    /// <summary>What BPF_PROG_LOAD reads of its argument.</summary>
    [Abi(Name = "union bpf_attr", IsPart = true)]
    internal struct bpf_load
    {
        internal uint prog_type;
        internal uint insn_cnt;
        internal ulong insns;
        internal ulong license;
        internal uint log_level;
        internal uint log_size;
        internal ulong log_buf;
    }

    /// <summary>What BPF_PROG_ATTACH reads of its argument.</summary>
    [Abi(Name = "union bpf_attr", IsPart = true)]
    internal struct bpf_attach
    {
        internal uint target_fd;
        internal uint attach_bpf_fd;
        internal uint attach_type;
        internal uint attach_flags;
        internal uint replace_bpf_fd;
    }

    /// <summary>What BPF_PROG_QUERY reads of its argument.</summary>
    [Abi(Name = "union bpf_attr", IsPart = true)]
    internal struct bpf_query
    {
        [Abi(Name = "query.target_fd")]
        internal uint target_fd;
        [Abi(Name = "query.attach_type")]
        internal uint attach_type;
        [Abi(Name = "query.query_flags")]
        internal uint query_flags;
        [Abi(Name = "query.attach_flags")]
        internal uint attach_flags;
        [Abi(Name = "query.prog_ids")]
        internal ulong prog_ids;
        [Abi(Name = "query.prog_cnt")]
        internal uint prog_cnt;
    }
}
