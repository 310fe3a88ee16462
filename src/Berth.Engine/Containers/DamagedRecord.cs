using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Berth.Api.Containers;
using Berth.Oci;

namespace Berth.Engine.Containers;

/// <summary>What can be told of a container whose record cannot be read: every member that can be, from the files that are left.</summary>
internal static partial class DamagedRecord
{
    /// <summary>Stands where the image is not known.</summary>
    public static Digest NoImage { get; } = Digest.Parse($"sha256:{new string('0', 64)}");

    /// <param name="id">The name of its directory.</param>
    /// <param name="name">Its name where the record does not tell it.</param>
    /// <param name="problem">Why its record cannot be read.</param>
    /// <param name="imageOf">The image whose top layer this is; null where there is none.</param>
    public static (ContainerRecord Record, ContainerDamage Damage) Of(
        ContainerPaths paths, string id, string name, string problem, Func<Digest, Digest?> imageOf)
    {
        var root = (JsonObject)JsonSerializer.SerializeToNode(
            new ContainerRecord
            {
                Id = id,
                Name = name,
                Created = Directory.GetLastWriteTimeUtc(Directory.Exists(paths.Directory) ? paths.Directory : paths.StateDirectory),
                ImageId = NoImage,
                Config = new ContainerConfig(),
                HostConfig = new HostConfig { LogConfig = new LogConfig { Type = "json-file" } },
            },
            ContainerRecordJson.Default.ContainerRecord)!;
        var kept = Keep(root, MembersOf(paths.Record));
        var record = JsonSerializer.Deserialize(root, ContainerRecordJson.Default.ContainerRecord)!;
        if (record.ImageId == NoImage && TopLayerOf(paths.Spec) is { } layer && imageOf(layer) is { } image)
        {
            record = record with { ImageId = image };
        }

        var reason = $"its record {paths.Record} cannot be read: {problem}";
        record = record with
        {
            // Neither is to happen to it without its user.
            HostConfig = record.HostConfig with { AutoRemove = false, RestartPolicy = new RestartPolicy() },
            State = record.State with { Status = ContainerStatus.Dead, Pid = 0, Error = reason },
            Unknown = null,
        };
        return (record, new ContainerDamage(reason, record.ImageId != NoImage, kept.Contains(nameof(ContainerRecord.Mounts))));
    }

    /// <summary>The members of a JSON object as far as it can be read, which may be cut off.</summary>
    private static List<KeyValuePair<string, JsonNode?>> MembersOf(string path)
    {
        var members = new List<KeyValuePair<string, JsonNode?>>();
        try
        {
            var reader = new Utf8JsonReader(File.ReadAllBytes(path));
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    members.Add(new(name, JsonNode.Parse(ref reader)));
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            // What comes from here on is lost; what came before is not.
        }

        return members;
    }

    /// <summary>Takes over each member that the record can have; of an object that it cannot have, each member of that.</summary>
    /// <returns>Those that were taken over as a whole.</returns>
    private static HashSet<string> Keep(JsonObject root, List<KeyValuePair<string, JsonNode?>> members)
    {
        var kept = new HashSet<string>();
        foreach (var (name, node) in members.Where(m => m.Key != nameof(ContainerRecord.Id)))
        {
            if (TryPut(root, root, name, node))
            {
                kept.Add(name);
            }
            else if (node is JsonObject inner && root[name] is JsonObject place)
            {
                foreach (var (part, value) in inner.ToList())
                {
                    inner.Remove(part);
                    TryPut(root, place, part, value);
                }
            }
        }

        return kept;
    }

    private static bool TryPut(JsonObject root, JsonObject place, string name, JsonNode? node)
    {
        var before = place[name];
        var wasThere = place.Remove(name);
        place[name] = node;
        try
        {
            if (JsonSerializer.Deserialize(root, ContainerRecordJson.Default.ContainerRecord)?.IsWhole() == true)
            {
                return true;
            }
        }
        catch (JsonException)
        {
            // It is not what this release knows under this name.
        }

        place.Remove(name);
        if (wasThere)
        {
            place[name] = before;
        }

        return false;
    }

    /// <summary>The first of the lower directories that the last start wrote into config.json.</summary>
    private static Digest? TopLayerOf(string spec)
    {
        try
        {
            return File.Exists(spec) && Layer().Match(Encoding.UTF8.GetString(File.ReadAllBytes(spec))) is { Success: true } match
                && Digest.TryParse($"sha256:{match.Groups[1].Value}", out var layer) ? layer : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex("lowerdir(?:\\+|\\\\u002B)?=[^\"]*?/layers/([0-9a-f]{64})/diff", RegexOptions.IgnoreCase)]
    private static partial Regex Layer();
}
