using Berth.EndToEnd.Tests.Harness;

[assembly: AssemblyFixture(typeof(SharedDaemon))]

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>The daemon that all tests use which do not need one of their own.</summary>
public sealed class SharedDaemon : IAsyncLifetime
{
    private Daemon? _daemon;

    /// <summary>The daemon; without root the asking test is skipped.</summary>
    public Daemon Daemon
    {
        get
        {
            Assert.SkipWhen(_daemon is null, "the end-to-end tests need root");
            return _daemon;
        }
    }

    /// <summary>Both command lines, as theory data: the real docker, and ours.</summary>
    public static TheoryData<string> ClientNames => Harness.Daemon.IsDockerd ? ["docker"] : ["docker", "berth"];

    public Client Client(string name) => name == "docker" ? Daemon.Docker : Daemon.Berth;

    public async ValueTask InitializeAsync()
    {
        if (System.Environment.IsPrivilegedProcess)
        {
            _daemon = await Harness.Daemon.StartAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
        }
    }
}
