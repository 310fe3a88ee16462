using Berth.Linux.Native;

namespace Berth.Linux.Cgroups;

/// <summary>Puts a device program in force on a cgroup of v2; the kernel drops it with the cgroup.</summary>
internal static unsafe class DeviceAttachment
{
    private const int MaxPrograms = 64;

    // No helper function is called, so none that asks for the GPL.
    private static ReadOnlySpan<byte> License => "Apache-2.0\0"u8;

    /// <summary>Attaches the program in place of the one before, without a moment in which neither or both are in force.</summary>
    internal static void Replace(CgroupDirectory directory, byte[] program)
    {
        using var loaded = Load(directory, program);
        var flags = Libc.BPF_F_ALLOW_MULTI;
        using var before = FindAttached(directory);
        if (before is not null)
        {
            flags |= Libc.BPF_F_REPLACE;
        }

        var attach = new Libc.bpf_attach
        {
            target_fd = (uint)directory.Descriptor.Number,
            attach_bpf_fd = (uint)loaded.Number,
            attach_type = Libc.BPF_CGROUP_DEVICE,
            attach_flags = flags,
            replace_bpf_fd = before is null ? 0 : (uint)before.Number,
        };
        if (Libc.bpf(Arch.SYS_bpf, Libc.BPF_PROG_ATTACH, &attach, (nuint)sizeof(Libc.bpf_attach)) < 0)
        {
            throw LinuxException.FromLastError("attach device rules to", directory.Path);
        }
    }

    private static FileDescriptor Load(CgroupDirectory directory, byte[] program)
    {
        fixed (byte* instructions = program, license = License)
        {
            var load = new Libc.bpf_load
            {
                prog_type = Libc.BPF_PROG_TYPE_CGROUP_DEVICE,
                insn_cnt = (uint)(program.Length / DeviceProgram.InstructionSize),
                insns = (ulong)instructions,
                license = (ulong)license,
            };
            var fd = Libc.bpf(Arch.SYS_bpf, Libc.BPF_PROG_LOAD, &load, (nuint)sizeof(Libc.bpf_load));
            return fd >= 0 ? new FileDescriptor(fd) : throw LinuxException.FromLastError("load device rules for", directory.Path);
        }
    }

    private static FileDescriptor? FindAttached(CgroupDirectory directory)
    {
        var ids = stackalloc uint[MaxPrograms];
        var query = new Libc.bpf_query
        {
            target_fd = (uint)directory.Descriptor.Number,
            attach_type = Libc.BPF_CGROUP_DEVICE,
            prog_ids = (ulong)ids,
            prog_cnt = MaxPrograms,
        };
        if (Libc.bpf(Arch.SYS_bpf, Libc.BPF_PROG_QUERY, &query, (nuint)sizeof(Libc.bpf_query)) < 0 || query.prog_cnt == 0)
        {
            return null;
        }

        var id = ids[0];
        var fd = Libc.bpf(Arch.SYS_bpf, Libc.BPF_PROG_GET_FD_BY_ID, &id, sizeof(uint));
        return fd >= 0 ? new FileDescriptor(fd) : throw LinuxException.FromLastError("open device rules of", directory.Path);
    }
}
