namespace Berth.Linux.Seccomp;

/// <summary>A calling convention of the kernel that a filter tells apart. One kernel takes calls of several: x86-64 also those of x86 and x32.</summary>
public enum SeccompArchitecture
{
    X64,
    X86,

    /// <summary>x86-64 with pointers of 32 bits: the kernel reports it as x86-64, with bit 30 set in the number.</summary>
    X32,
    Arm64,
}
