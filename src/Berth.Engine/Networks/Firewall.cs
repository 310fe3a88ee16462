using System.Net.Sockets;
using Berth.Linux;
using Berth.Linux.Conntrack;
using Berth.Linux.Nftables;

namespace Berth.Engine.Networks;

/// <summary>Keeps the rules of one bridge in the kernel: changes them as ports come and go, and restores what another program removed.</summary>
/// <remarks>The rules stay when this object goes: published ports do not need it.</remarks>
internal sealed class Firewall(HostNetwork host, FirewallRules rules, TimeProvider time, Action<string, Exception> report) : IAsyncDisposable
{
    /// <summary>A pause between two restorations, so that two programs that fight over a table do not fill the machine with it.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly HashSet<PublishedPort> _ports = [];
    private readonly ForwardingAllowance _allowance = new(host, rules.Bridge);
    private readonly CancellationTokenSource _ended = new();
    private NftWatch? _watch;
    private Task _watching = Task.CompletedTask;
    private bool _removed;

    /// <summary>Puts all rules in place, and from now on keeps them there.</summary>
    internal void Install(IEnumerable<PublishedPort> ports)
    {
        lock (_gate)
        {
            _ports.UnionWith(ports.Where(FirewallRules.Translates));
            // Before the rules, so that nothing that happens to them is missed.
            _watch ??= host.Watch();
            host.Netfilter.Execute(rules.Install(_ports).Complete());
            _allowance.Ensure();
            if (_watching.IsCompleted)
            {
                _watching = WatchAsync(_watch, _ended.Token);
            }
        }
    }

    internal void Publish(IReadOnlyCollection<PublishedPort> ports)
    {
        PublishedPort[] translated = [.. ports.Where(FirewallRules.Translates)];
        if (translated.Length == 0)
        {
            return;
        }

        lock (_gate)
        {
            _ports.UnionWith(translated);
            try
            {
                Change(rules.Publish(translated));
                ForgetFlows(translated);
            }
            catch (LinuxException)
            {
                _ports.ExceptWith(translated);
                throw;
            }
        }
    }

    internal void Unpublish(IReadOnlyCollection<PublishedPort> ports)
    {
        lock (_gate)
        {
            PublishedPort[] known = [.. ports.Where(_ports.Remove)];
            if (known.Length > 0)
            {
                Change(rules.Unpublish(known));
                ForgetFlows(known);
            }
        }
    }

    /// <summary>Takes everything out of the kernel.</summary>
    internal void Remove()
    {
        lock (_gate)
        {
            _removed = true;
            host.Netfilter.Execute(rules.Remove().Complete());
            _allowance.Remove();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _watching;
        _watch?.Dispose();
        _ended.Dispose();
    }

    /// <summary>Changes the table; where the change does not fit what the kernel has, somebody else was there: all is put in place anew.</summary>
    private void Change(NftTransaction change)
    {
        var failure = host.Netfilter.TryExecute(change.Complete());
        if (failure is { Errno: Errno.ENOENT or Errno.EEXIST })
        {
            host.Netfilter.Execute(rules.Install(_ports).Complete());
        }
        else if (failure is not null)
        {
            throw failure;
        }
    }

    /// <summary>
    /// Who goes on sending to a port by UDP keeps his flow alive, and with it the way that its packets took before the port was
    /// published, or to a container that has gone. (A flow of TCP ends with its connection.)
    /// </summary>
    private void ForgetFlows(IReadOnlyCollection<PublishedPort> ports)
    {
        const byte Udp = 17;
        var published = ports.Where(p => p.Port.Protocol == "udp").Select(p => p.HostPort).ToHashSet();
        if (published.Count == 0)
        {
            return;
        }

        try
        {
            host.Netfilter.Forget(f => f.Protocol == Udp && published.Contains(f.DestinationPort));
        }
        catch (LinuxException e)
        {
            // A kernel without the interface to its memory: the flows end by themselves, half a minute after their last packet.
            report("forget the flows of published ports", e);
        }
    }

    private async Task WatchAsync(NftWatch watch, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var changed = await watch.NextAsync(host.Netfilter, cancellationToken);
                if (changed is null || changed.Contains(rules.Table) || changed.Contains(ForwardingAllowance.Table))
                {
                    Restore(changed);
                    await Task.Delay(_pause, time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
        catch (SocketException e)
        {
            report("watch the firewall", e);
        }
    }

    private void Restore(IReadOnlySet<string>? changed)
    {
        lock (_gate)
        {
            if (_removed)
            {
                return;
            }

            try
            {
                if (changed is null || changed.Contains(rules.Table))
                {
                    host.Netfilter.Execute(rules.Install(_ports).Complete());
                }

                _allowance.Ensure();
            }
            catch (LinuxException e)
            {
                report("restore the firewall", e);
            }
        }
    }
}
