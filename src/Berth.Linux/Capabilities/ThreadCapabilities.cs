using Berth.Linux.Native;

namespace Berth.Linux.Capabilities;

/// <summary>
/// The capabilities of the calling thread. They belong to a thread, not to the process: only a
/// single-threaded process changes all of itself with these.
/// </summary>
public static unsafe class ThreadCapabilities
{
    private static int _last = -1;

    /// <summary>The highest capability that the running kernel knows; it may be lower or higher than the highest named one.</summary>
    public static int Last => _last >= 0 ? _last : _last = ReadLast();

    public static (CapabilitySet Effective, CapabilitySet Permitted, CapabilitySet Inheritable) Read()
    {
        var header = new __user_cap_header_struct { version = Libc._LINUX_CAPABILITY_VERSION_3 };
        var data = stackalloc __user_cap_data_struct[2];
        Check(Libc.capget(&header, data), "capget");
        return (Join(data[0].effective, data[1].effective), Join(data[0].permitted, data[1].permitted), Join(data[0].inheritable, data[1].inheritable));
    }

    /// <summary>Sets the three sets at once. What the kernel does not know is left out.</summary>
    public static void Set(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable)
    {
        var known = Last >= 63 ? ulong.MaxValue : (1UL << (Last + 1)) - 1;
        var header = new __user_cap_header_struct { version = Libc._LINUX_CAPABILITY_VERSION_3 };
        var data = stackalloc __user_cap_data_struct[2];
        for (var half = 0; half < 2; half++)
        {
            data[half].effective = (uint)((effective.Bits & known) >> (half * 32));
            data[half].permitted = (uint)((permitted.Bits & known) >> (half * 32));
            data[half].inheritable = (uint)((inheritable.Bits & known) >> (half * 32));
        }

        Check(Libc.capset(&header, data), "capset");
    }

    public static CapabilitySet ReadBounding()
    {
        var bits = 0UL;
        for (var capability = 0; capability <= Last; capability++)
        {
            bits |= Libc.prctl(Libc.PR_CAPBSET_READ, (nuint)capability, 0, 0, 0) == 1 ? 1UL << capability : 0;
        }

        return new CapabilitySet(bits);
    }

    /// <summary>Drops every capability from the bounding set that is not in <paramref name="keep"/>, those without a name here too. Needs CAP_SETPCAP.</summary>
    /// <remarks>Dropping one that is not there succeeds, so nothing is read first: it is one call either way.</remarks>
    public static void KeepBounding(CapabilitySet keep)
    {
        for (var capability = 0; capability <= Last; capability++)
        {
            if ((keep.Bits >> capability & 1) == 0)
            {
                Check(Libc.prctl(Libc.PR_CAPBSET_DROP, (nuint)capability, 0, 0, 0), "prctl(PR_CAPBSET_DROP)");
            }
        }
    }

    /// <summary>Makes the ambient set what is given. Each must be permitted and inheritable already.</summary>
    public static void SetAmbient(CapabilitySet ambient)
    {
        Check(Libc.prctl(Libc.PR_CAP_AMBIENT, Libc.PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0), "prctl(PR_CAP_AMBIENT_CLEAR_ALL)");
        for (var capability = 0; capability <= Last; capability++)
        {
            if ((ambient.Bits >> capability & 1) != 0)
            {
                Check(Libc.prctl(Libc.PR_CAP_AMBIENT, Libc.PR_CAP_AMBIENT_RAISE, (nuint)capability, 0, 0), "prctl(PR_CAP_AMBIENT_RAISE)");
            }
        }
    }

    public static CapabilitySet ReadAmbient()
    {
        var bits = 0UL;
        for (var capability = 0; capability <= Last; capability++)
        {
            bits |= Libc.prctl(Libc.PR_CAP_AMBIENT, Libc.PR_CAP_AMBIENT_IS_SET, (nuint)capability, 0, 0) == 1 ? 1UL << capability : 0;
        }

        return new CapabilitySet(bits);
    }

    private static CapabilitySet Join(uint low, uint high) => new(low | (ulong)high << 32);

    // The kernel is asked itself: that is cheaper than /proc/sys/kernel/cap_last_cap, and /proc need not be there.
    private static int ReadLast()
    {
        var last = Libc.CAP_LAST_CAP;
        while (last > 0 && Libc.prctl(Libc.PR_CAPBSET_READ, (nuint)last, 0, 0, 0) < 0)
        {
            last--;
        }

        while (last < 63 && Libc.prctl(Libc.PR_CAPBSET_READ, (nuint)(last + 1), 0, 0, 0) >= 0)
        {
            last++;
        }

        return last;
    }

    private static void Check(int result, string call)
    {
        if (result < 0)
        {
            throw LinuxException.FromLastError(call);
        }
    }
}
