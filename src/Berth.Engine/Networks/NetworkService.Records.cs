using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Engine.Networks;

public sealed partial class NetworkService
{
    /// <summary>The networks by name. The three that always exist are made here when there is no record of them.</summary>
    private IReadOnlyDictionary<string, NetworkRecord> Records
    {
        get
        {
            lock (_setUp)
            {
                return _records ??= LoadRecords();
            }
        }
    }

    /// <summary>The id of the network of this name; empty where there is none.</summary>
    public string IdOf(string name) => Records.TryGetValue(name, out var record) && Exists(record) ? record.Id : "";

    /// <summary>Finds a network by its name, its id or the beginning of its id, in this order.</summary>
    private NetworkRecord Find(string term)
    {
        if (Records.TryGetValue(term, out var named) && Exists(named))
        {
            return named;
        }

        var matches = Records.Values.Where(r => Exists(r) && term.Length > 0 && r.Id.StartsWith(term, StringComparison.Ordinal)).ToList();
        return matches.Count switch
        {
            1 => matches[0],
            0 => throw NetworkErrors.NotFound(term),
            _ => throw NetworkErrors.Ambiguous(term, $"{matches.Count}"),
        };
    }

    private void SyncRecord(string path)
    {
        try
        {
            RecordFile.SyncFile(path);
            RecordFile.SyncDirectory(NetworksDirectory);
        }
        catch (LinuxException e)
        {
            report($"bring {path} to the disk", e);
        }
    }

    private bool Exists(NetworkRecord record) => record.Name != BridgeName || options.Bridge != NoneName;

    private Dictionary<string, NetworkRecord> LoadRecords()
    {
        var records = new Dictionary<string, NetworkRecord>();
        foreach (var record in NetworkRecordFile.ReadAll(NetworksDirectory, NetworkRecordJson.Default.NetworkRecord, report).OrderBy(r => r.Created))
        {
            // A second one of the same name was made while the first could not be read.
            records.TryAdd(record.Name, record);
        }

        foreach (var (name, driver) in (ReadOnlySpan<(string, string)>)[(BridgeName, "bridge"), (HostName, "host"), (NoneName, "null")])
        {
            if (!records.ContainsKey(name))
            {
                records[name] = new NetworkRecord { Id = NewId(), Name = name, Driver = driver, Created = time.GetUtcNow() };
                Save(records[name]);
            }
        }

        return records;
    }

    /// <summary>Writes the record, and brings it to the disk while nobody waits.</summary>
    private void Save(NetworkRecord record) => writes.Do($"the record of network {record.Name}", () =>
    {
        PrivateDirectory.Make(NetworksDirectory);
        var path = Path.Combine(NetworksDirectory, $"{record.Id}.json");
        NetworkRecordFile.Write(path, record, NetworkRecordJson.Default.NetworkRecord);
        OwnThread.Run(() => SyncRecord(path));
    });
}
