using Berth.Api.Containers;
using Berth.Engine.Containers;
using Berth.Engine.Containers.Creation;

namespace Berth.Engine.Tests.Containers.Creation;

public sealed class MountSpecsTests
{
    [Fact]
    public void A_path_is_a_bind_and_a_name_a_volume()
    {
        var bind = MountSpecs.ParseBind("/host/../etc:/data/:ro,rslave");
        Assert.Equal((MountKind.Bind, "/etc", "/data", true, "rslave"), (bind.Kind, bind.Source, bind.Destination, bind.ReadOnly, bind.Propagation));
        var volume = MountSpecs.ParseBind("files:/data:nocopy");
        Assert.Equal((MountKind.Volume, "files", true, false), (volume.Kind, volume.Name, volume.NoCopy, volume.Anonymous));
        Assert.True(MountSpecs.ParseBind("/data").Anonymous);
    }

    [Theory]
    [InlineData("/a:/b:zz", "invalid mode: zz")]
    [InlineData("/a::ro", "invalid volume specification: '/a::ro'")]
    [InlineData("/a:/", "invalid volume specification: '/a:/': invalid mount config for type \"bind\": invalid specification: destination can't be '/'")]
    [InlineData("a:b", "invalid volume specification: 'a:b': invalid mount config for type \"volume\": invalid mount path: 'b' mount path must be absolute")]
    public void Malformed_ones_are_refused_in_dockers_words(string spec, string message) =>
        Assert.Equal(message, Assert.Throws<EngineException>(() => MountSpecs.ParseBind(spec)).Message);

    [Fact]
    public void A_bind_of_mount_needs_its_source()
    {
        var missing = new Mount { Type = "bind", Source = "/no/such/place", Target = "/x" };
        Assert.Equal(
            "invalid mount config for type \"bind\": bind source path does not exist: /no/such/place",
            Assert.Throws<EngineException>(() => MountSpecs.ParseMount(missing)).Message);
    }

    [Theory]
    [InlineData(false, true, false, null, "!ReadOnly && BindOptions.ReadOnlyNonRecursive")]
    [InlineData(false, false, true, null, "!ReadOnly && BindOptions.ReadOnlyForceRecursive")]
    [InlineData(true, true, true, null, "ReadOnlyNonRecursive && BindOptions.ReadOnlyForceRecursive")]
    [InlineData(true, false, true, "rslave", "BindOptions.ReadOnlyForceRecursive && BindOptions.Propagation=rslave")]
    [InlineData(true, false, true, "rprivate", null)]
    [InlineData(true, true, false, "rslave", null)]
    public void What_cannot_be_read_only_as_asked_is_refused(bool readOnly, bool nonRecursive, bool force, string? propagation, string? conflict)
    {
        var mount = new Mount
        {
            Type = "bind",
            Source = "/tmp",
            Target = "/x",
            ReadOnly = readOnly,
            BindOptions = new BindOptions { ReadOnlyNonRecursive = nonRecursive, ReadOnlyForceRecursive = force, Propagation = propagation },
        };
        if (conflict is null)
        {
            Assert.Equal(nonRecursive, MountSpecs.ParseMount(mount).ReadOnlyNonRecursive);
        }
        else
        {
            Assert.Equal($"mount options conflict: {conflict}", Assert.Throws<EngineException>(() => MountSpecs.ParseMount(mount)).Message);
        }
    }

    [Fact]
    public void Options_of_another_type_are_refused()
    {
        var volume = new Mount { Type = "volume", Target = "/x", BindOptions = new BindOptions { ReadOnlyForceRecursive = true } };
        Assert.Equal("BindOptions must not be specified on mount type \"volume\"", Assert.Throws<EngineException>(() => MountSpecs.ParseMount(volume)).Message);
        var bind = new Mount { Type = "bind", Source = "/tmp", Target = "/x", TmpfsOptions = new TmpfsOptions { SizeBytes = 1 } };
        Assert.Equal("TmpfsOptions must not be specified on mount type \"bind\"", Assert.Throws<EngineException>(() => MountSpecs.ParseMount(bind)).Message);
    }

    [Fact]
    public void A_tmpfs_is_safe_unless_it_says_otherwise()
    {
        Assert.Equal(["noexec", "nosuid", "nodev"], MountSpecs.ParseTmpfs("/t", "").TmpfsOptions);
        Assert.Equal(["nosuid", "nodev", "exec", "size=1m"], MountSpecs.ParseTmpfs("/t", "exec,size=1m").TmpfsOptions);
        Assert.Throws<EngineException>(() => MountSpecs.ParseTmpfs("/t", "lowerdir=/etc"));
    }
}
