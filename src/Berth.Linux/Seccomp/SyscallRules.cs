namespace Berth.Linux.Seccomp;

/// <summary>A profile's rules by number of call, for one architecture.</summary>
internal static class SyscallRules
{
    // On x86 these are also reached through one call, with the place in the list as its first argument (net/socket.c, ipc/syscall.c).
    private static readonly string[] _socketCalls =
    [
        "", "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair", "send", "recv", "sendto",
        "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4", "recvmmsg", "sendmmsg",
    ];

    private static readonly string[] _ipcCalls =
    [
        "", "semop", "semget", "semctl", "semtimedop", "", "", "", "", "", "", "msgsnd", "msgrcv", "msgget", "msgctl", "", "", "",
        "", "", "", "shmat", "shmdt", "shmget", "shmctl",
    ];

    /// <returns>Sorted by number.</returns>
    internal static SortedList<uint, List<SeccompRule>> Of(SeccompProfile profile, SeccompArchitecture architecture)
    {
        var rules = new Dictionary<uint, List<SeccompRule>>();
        foreach (var rule in profile.Rules)
        {
            if (SyscallTable.Find(rule.Syscall, architecture) is { } number)
            {
                Add(rules, number, rule, profile.DefaultAction);
            }

            // What such a call points to is out of a filter's sight, so a rule about arguments does not count for it.
            if (architecture == SeccompArchitecture.X86 && rule.Conditions.Count == 0)
            {
                AddThrough(rules, "socketcall", Array.IndexOf(_socketCalls, rule.Syscall), rule, profile.DefaultAction);
                AddThrough(rules, "ipc", Array.IndexOf(_ipcCalls, rule.Syscall), rule, profile.DefaultAction);
            }
        }

        return new SortedList<uint, List<SeccompRule>>(rules);
    }

    private static void AddThrough(Dictionary<uint, List<SeccompRule>> rules, string call, int index, SeccompRule rule, SeccompAction defaultAction)
    {
        if (index > 0)
        {
            var condition = new SeccompCondition(0, SeccompComparison.Equal, (ulong)index);
            Add(rules, SyscallTable.Find(call, SeccompArchitecture.X86)!.Value, rule with { Conditions = [condition] }, defaultAction);
        }
    }

    private static void Add(Dictionary<uint, List<SeccompRule>> rules, uint number, SeccompRule rule, SeccompAction defaultAction)
    {
        if (!rules.TryGetValue(number, out var known))
        {
            rules.Add(number, known = []);
        }

        // A rule that says what is said of all calls anyway does nothing, not even against another rule; its number is kept, since
        // it tells how new the calls are that the profile knows.
        if (rule.Action == defaultAction || known is [{ Conditions.Count: 0 }])
        {
            return;
        }

        if (rule.Conditions.Count == 0)
        {
            known.Clear();
        }

        known.Add(rule);
    }
}
