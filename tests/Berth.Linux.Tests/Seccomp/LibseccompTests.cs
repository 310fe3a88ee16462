using System.Runtime.InteropServices;
using Berth.Linux.Native;
using Berth.Linux.Seccomp;

namespace Berth.Linux.Tests.Seccomp;

/// <summary>Our compiler beside libseccomp's, which every other runtime uses: the same rules, and then the same verdict on every call.</summary>
public sealed class LibseccompTests
{
    private const string Library = "libseccomp.so.2";
    private const int UnknownName = -1;
    private static readonly SeccompAction _denied = SeccompAction.Fail(Errno.EPERM);

    // libseccomp's names for the architectures are those of the audit log.
    private static readonly (SeccompArchitecture Ours, uint Theirs, uint Audit, uint FirstNumber)[] _architectures =
    [
        (SeccompArchitecture.X64, 0xC000003E, Libc.AUDIT_ARCH_X86_64, 0),
        (SeccompArchitecture.X86, 0x40000003, Libc.AUDIT_ARCH_I386, 0),
        (SeccompArchitecture.X32, 0x4000003E, Libc.AUDIT_ARCH_X86_64, 0x40000000),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_call_has_the_same_verdict(int seed)
    {
        Assert.SkipUnless(NativeLibrary.TryLoad(Library, out _), "no libseccomp");
        Assert.SkipUnless(SeccompProfile.NativeArchitecture == SeccompArchitecture.X64, "the architectures are those of x86-64");
        var rules = Rules(new Random(seed));
        var ours = SeccompCompiler.Compile(new SeccompProfile
        {
            DefaultAction = _denied,
            Architectures = [.. _architectures.Select(a => a.Ours)],
            Rules = rules,
        });
        var theirs = CompileTheirs(rules);
        foreach (var (architecture, _, audit, first) in _architectures)
        {
            var newest = rules.Max(r => SyscallTable.Find(r.Syscall, architecture) ?? 0);
            for (var number = 0u; number <= newest; number++)
            {
                // For a rule about arguments libseccomp tests the registers of socketcall and ipc, where those arguments are not.
                if (architecture == SeccompArchitecture.X86 && number is (102 or 117))
                {
                    continue;
                }

                foreach (var argument in (ReadOnlySpan<ulong>)[0, 1, 2, 3, 5, 11, 12, 13, 21, 40, 0x7E020000, 0x10000011, uint.MaxValue, 0x100000005, ulong.MaxValue])
                {
                    var value = architecture == SeccompArchitecture.X64 ? argument : (uint)argument;
                    var expected = new SeccompAction(FilterMachine.Run(theirs, audit, number + first, value, 7, value));
                    var actual = new SeccompAction(FilterMachine.Run(ours, audit, number + first, value, 7, value));
                    Assert.True(expected == actual, $"{architecture} call {number} with 0x{value:x}: {actual}, libseccomp {expected}");
                }
            }
        }
    }

    // Most calls allowed, some refused in another way, some allowed for some arguments: what profiles are like.
    private static List<SeccompRule> Rules(Random random)
    {
        var rules = new List<SeccompRule>();
        // ipc and socketcall themselves are left out: libseccomp refuses one of two rules that meet in them.
        foreach (var name in SyscallTable.Names.Where(n => n is not ("ipc" or "socketcall") && seccomp_syscall_resolve_name(Marshal.StringToCoTaskMemUTF8(n)) != UnknownName))
        {
            switch (random.Next(10))
            {
                case < 6:
                    rules.Add(new SeccompRule(name, SeccompAction.Allow, []));
                    break;
                case 6:
                    rules.Add(new SeccompRule(name, SeccompAction.Fail(Errno.ENOSYS), []));
                    break;
                case 7:
                    var comparison = (SeccompComparison)random.Next(7);
                    rules.Add(new SeccompRule(name, SeccompAction.Allow, [new SeccompCondition(2, comparison, 0x7E020005, 5)]));
                    break;
                case 8:
                    rules.AddRange(new[] { 1ul, 2ul, 40ul }.Select(v => new SeccompRule(name, SeccompAction.Allow, [new SeccompCondition(0, SeccompComparison.Equal, v)])));
                    break;
            }
        }

        return rules;
    }

    private static byte[] CompileTheirs(List<SeccompRule> rules)
    {
        var context = seccomp_init(_denied.Value);
        try
        {
            foreach (var (_, theirs, _, _) in _architectures.Skip(1))
            {
                Assert.Equal(0, seccomp_arch_add(context, theirs));
            }

            foreach (var rule in rules)
            {
                var conditions = rule.Conditions.Select(c => new scmp_arg_cmp { arg = (uint)c.Argument, op = (int)c.Comparison + 1, datum_a = c.Value, datum_b = c.SecondValue }).ToArray();
                var handle = GCHandle.Alloc(conditions, GCHandleType.Pinned);
                var number = seccomp_syscall_resolve_name(Marshal.StringToCoTaskMemUTF8(rule.Syscall));
                var result = seccomp_rule_add_array(context, rule.Action.Value, number, (uint)conditions.Length, handle.AddrOfPinnedObject());
                handle.Free();
                Assert.True(result == 0, $"{rule}: {result}");
            }

            var path = Path.GetTempFileName();
            using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
            {
                Assert.Equal(0, seccomp_export_bpf(context, (int)file.DangerousGetHandle()));
            }

            var program = File.ReadAllBytes(path);
            File.Delete(path);
            return program;
        }
        finally
        {
            seccomp_release(context);
        }
    }

    // As <seccomp.h> has them.
#pragma warning disable IDE1006, SYSLIB1054, CA5392
    [DllImport(Library)]
    private static extern nint seccomp_init(uint def_action);

    [DllImport(Library)]
    private static extern void seccomp_release(nint ctx);

    [DllImport(Library)]
    private static extern int seccomp_arch_add(nint ctx, uint arch_token);

    [DllImport(Library)]
    private static extern int seccomp_syscall_resolve_name(nint name);

    [DllImport(Library)]
    private static extern int seccomp_rule_add_array(nint ctx, uint action, int syscall, uint arg_cnt, nint arg_array);

    [DllImport(Library)]
    private static extern int seccomp_export_bpf(nint ctx, int fd);

    private struct scmp_arg_cmp
    {
        public uint arg;
        public int op;
        public ulong datum_a;
        public ulong datum_b;
    }
#pragma warning restore IDE1006, SYSLIB1054, CA5392
}
