using System.Runtime.InteropServices;
using Berth.Engine.Security;
using Berth.Oci.Runtime;

namespace Berth.Engine.Tests.Security;

public sealed class SeccompProfilesTests
{
    private static readonly Version _kernel = new(6, 1);

    [Fact]
    public void The_default_profile_refuses_what_is_not_listed()
    {
        var profile = Resolve();
        Assert.Equal("SCMP_ACT_ERRNO", profile.DefaultAction);
        Assert.Equal(1u, profile.DefaultErrnoRet);
        Assert.Equal(["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"], profile.Architectures);
        Assert.True(Allows(profile, "openat"));
        Assert.True(Allows(profile, "arch_prctl"));
        Assert.All(["mount", "unshare", "keyctl", "bpf", "io_uring_setup", "kexec_load", "open_by_handle_at", "userfaultfd"], s => Assert.False(Allows(profile, s), s));
    }

    [Fact]
    public void Clone_makes_no_namespaces_without_CAP_SYS_ADMIN()
    {
        var profile = Resolve();
        var clone = Assert.Single(profile.Syscalls!, s => s.Names.Contains("clone"));
        Assert.Equal("SCMP_CMP_MASKED_EQ", Assert.Single(clone.Args!).Op);
        Assert.Equal(38u, Assert.Single(profile.Syscalls!, s => s.Names.Contains("clone3")).ErrnoRet);
        Assert.True(Allows(Resolve("CAP_SYS_ADMIN"), "clone3"));
    }

    [Fact]
    public void A_capability_opens_its_calls()
    {
        Assert.False(Allows(Resolve(), "chroot"));
        Assert.True(Allows(Resolve("CAP_SYS_CHROOT"), "chroot"));
    }

    [Fact]
    public void A_rule_may_ask_for_a_kernel()
    {
        Assert.True(Allows(Resolve(), "ptrace"));
        Assert.False(Allows(SeccompProfiles.Resolve(null, [], Architecture.X64, new Version(4, 4))!, "ptrace"));
    }

    [Fact]
    public void Another_architecture_has_its_own_rules()
    {
        var profile = SeccompProfiles.Resolve(null, [], Architecture.Arm64, _kernel)!;
        Assert.Equal(["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"], profile.Architectures);
        Assert.False(Allows(profile, "arch_prctl"));
    }

    [Fact]
    public void Sockets_of_rare_families_are_refused()
    {
        var families = Resolve().Syscalls!.Where(s => s.Names.Contains("socket")).Select(s => Assert.Single(s.Args!)).ToList();
        bool Allowed(ulong family) => families.Exists(a => a.Op == "SCMP_CMP_LT" ? family < a.Value : family == a.Value);
        Assert.All([1ul, 2ul, 10ul, 16ul, 17ul], f => Assert.True(Allowed(f)));
        Assert.All([12ul, 38ul, 40ul, 46ul], f => Assert.False(Allowed(f)));
    }

    [Fact]
    public void A_users_profile_is_taken_as_it_is()
    {
        var profile = SeccompProfiles.Resolve("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"name":"mkdir","action":"SCMP_ACT_ERRNO"}]}""", [], Architecture.X64, _kernel)!;
        Assert.Equal("SCMP_ACT_ALLOW", profile.DefaultAction);
        Assert.Equal(["mkdir"], Assert.Single(profile.Syscalls!).Names);
        Assert.Null(SeccompProfiles.Resolve("{}", [], Architecture.X64, _kernel));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"name":"mkdir","names":["mkdir"],"action":"SCMP_ACT_ERRNO"}]}""")]
    [InlineData("""{"defaultAction":"SCMP_ACT_ALLOW","architectures":["SCMP_ARCH_X86_64"],"archMap":[{"architecture":"SCMP_ARCH_X86_64"}]}""")]
    public void A_profile_that_makes_no_sense_is_refused(string profile) =>
        Assert.Equal(ErrorKind.InvalidParameter, Assert.Throws<EngineException>(() => SeccompProfiles.Resolve(profile, [], Architecture.X64, _kernel)).Kind);

    private static OciSeccomp Resolve(params string[] capabilities) => SeccompProfiles.Resolve(null, capabilities, Architecture.X64, _kernel)!;

    private static bool Allows(OciSeccomp profile, string syscall) =>
        profile.Syscalls!.Any(s => s.Names.Contains(syscall) && s.Action == "SCMP_ACT_ALLOW" && s.Args is null);
}
