using System.Runtime.InteropServices;

namespace Berth.Linux.Native;

/// <summary>The values that differ between x86-64 and arm64. Calls numbered 424 and up have one number on both, and stand beside their declaration.</summary>
internal static class Arch
{
    internal static int O_DIRECTORY => IsArm64 ? 0x4000 : 0x10000;

    internal static int O_NOFOLLOW => IsArm64 ? 0x8000 : 0x20000;

    internal static nint SYS_bpf => IsArm64 ? 280 : 321;

    internal static nint SYS_seccomp => IsArm64 ? 277 : 317;

    internal static nint SYS_pivot_root => IsArm64 ? 41 : 155;

    internal static nint SYS_ioprio_set => IsArm64 ? 30 : 251;

    internal static nint SYS_setgroups => IsArm64 ? 159 : 116;

    internal static nint SYS_setresuid => IsArm64 ? 147 : 117;

    internal static nint SYS_setresgid => IsArm64 ? 149 : 119;

    internal static nint SYS_keyctl => IsArm64 ? 219 : 250;

    internal static nint SYS_sched_setattr => IsArm64 ? 274 : 314;

    internal static nint SYS_execveat => IsArm64 ? 281 : 322;

    internal static nint SYS_rt_sigtimedwait => IsArm64 ? 137 : 128;

    private static bool IsArm64 => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
}
