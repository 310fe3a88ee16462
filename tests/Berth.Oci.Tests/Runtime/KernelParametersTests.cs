using Berth.Oci.Runtime;

namespace Berth.Oci.Tests.Runtime;

public sealed class KernelParametersTests
{
    [Theory]
    [InlineData("kernel.shm_rmid_forced", "ipc")]
    [InlineData("kernel/shm_rmid_forced", "ipc")]
    [InlineData("kernel.sem", "ipc")]
    [InlineData("fs.mqueue.msg_max", "ipc")]
    [InlineData("net.core.somaxconn", "network")]
    [InlineData("net/ipv4/conf/eth0.7/rp_filter", "network")]
    [InlineData("kernel.domainname", "uts")]
    [InlineData("user.max_user_namespaces", "user")]
    public void One_of_a_namespace_may_be_set_where_that_is_the_containers_own(string name, string type)
    {
        Assert.Null(KernelParameters.Refusal(name, t => t == type));
        Assert.NotNull(KernelParameters.Refusal(name, t => t != type));
    }

    [Theory]
    [InlineData("kernel.msgmax", "sysctl \"kernel.msgmax\" is not allowed in the hosts ipc namespace")]
    [InlineData("net/core/somaxconn", "sysctl \"net.core.somaxconn\" not allowed in host network namespace")]
    [InlineData("kernel.domainname", "sysctl \"kernel.domainname\" is not in a separate kernel namespace")]
    public void The_words_are_runcs(string name, string words) => Assert.Equal(words, KernelParameters.Refusal(name, _ => false));

    [Theory]
    [InlineData("vm.swappiness")]
    [InlineData("kernel.panic")]
    [InlineData("kernel.shm_rmid_forced.x")]
    [InlineData("fs.file-max")]
    [InlineData("net")]
    [InlineData("./vm/swappiness")]
    [InlineData("/vm/swappiness")]
    [InlineData("")]
    public void One_of_no_namespace_may_never_be_set(string name) =>
        Assert.EndsWith("is not in a separate kernel namespace", KernelParameters.Refusal(name, _ => true), StringComparison.Ordinal);

    [Fact]
    public void The_host_name_has_a_field_of_its_own() =>
        Assert.Equal("sysctl \"kernel.hostname\" is not allowed as it conflicts with the OCI \"hostname\" field", KernelParameters.Refusal("kernel.hostname", _ => true));
}
