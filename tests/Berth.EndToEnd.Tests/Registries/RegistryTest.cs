using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Registries;

/// <summary>What every test class over the shared daemon and a plain registry of each test's own has at hand.</summary>
public abstract class RegistryTest(SharedDaemon shared) : EndToEndTest(shared), IAsyncLifetime
{
    private Registry? _registry;

    protected Registry Registry => _registry!;

    public virtual async ValueTask InitializeAsync()
    {
        _ = Daemon; // Skips without root.
        _registry = await Registry.StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_registry is not null)
        {
            await _registry.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
