using Berth.Linux;
using Berth.Linux.Netlink;

namespace Berth.Engine.Networks;

public sealed partial class NetworkService
{
    /// <summary>
    /// How long the kernel gets to remove a link with the namespace that its other end was in. It does that by itself; deleting a
    /// link by hand costs a wait for every processor to have let go of it.
    /// </summary>
    private static readonly TimeSpan _linkGrace = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Frees what a container had: ports, address, link. Does nothing where it has nothing, and does not need its namespace, which
    /// may be gone already.
    /// </summary>
    public Task DisconnectAsync(string containerId)
    {
        if (_sandboxes.TryRemove(containerId, out var sandbox))
        {
            Free(sandbox);
            foreach (var network in sandbox.Facts.Networks)
            {
                Publish("disconnect", network.Key, network.Value.NetworkID, containerId);
            }
        }

        return Task.CompletedTask;
    }

    private void Free(Sandbox sandbox)
    {
        if (sandbox.Address is { } address && _bridge is { } bridge)
        {
            try
            {
                bridge.Firewall.Unpublish(sandbox.Ports);
            }
            catch (LinuxException e)
            {
                // The ports stay in the firewall's mind no longer: its next change to the table leaves them out.
                report($"withdraw the ports of {sandbox.Facts.Name}", e);
            }

            bridge.Addresses.Free(address);
        }

        foreach (var reservation in sandbox.Reservations)
        {
            Ports.Free(reservation);
        }

        if (sandbox.Facts.HostLink is { } link)
        {
            File.Delete(SandboxPath(sandbox.Facts.ContainerId));
            RemoveLinkLater(link);
        }
    }

    private void RemoveLinkLater(string link) => _linkRemovals[link] = RemoveLinkAsync(link);

    private async Task RemoveLinkAsync(string link)
    {
        await Task.Delay(_linkGrace, time);
        if (_host.Links.TryExecute(new NetlinkBatch().DeleteLink(link)) is { } failure && failure.Errno != Errno.ENODEV)
        {
            report($"remove the link {link}", failure);
        }

        _linkRemovals.TryRemove(link, out _);
    }
}
