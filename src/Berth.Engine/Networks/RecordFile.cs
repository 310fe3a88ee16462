using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Berth.Engine.Networks;

/// <summary>Records of networks, one file each: written beside and renamed, so that none is ever half there.</summary>
internal static class RecordFile
{
    private const string Temporary = ".new";

    /// <param name="path">The file.</param>
    /// <param name="value">Its new content.</param>
    /// <param name="type">How the content is written.</param>
    /// <param name="durable">It must outlive a power failure.</param>
    internal static void Write<T>(string path, T value, JsonTypeInfo<T> type, bool durable)
    {
        var temporary = path + Temporary;
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, value, type);
            file.Flush(durable);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>
    /// All records of a directory, when the daemon starts: one that cannot be read is reported and passed over, and what a killed
    /// daemon has half written goes away.
    /// </summary>
    internal static IReadOnlyList<T> ReadAll<T>(string directory, JsonTypeInfo<T> type, Action<string, Exception> report)
    {
        foreach (var half in Directory.Exists(directory) ? Directory.GetFiles(directory, "*" + Temporary) : [])
        {
            File.Delete(half);
        }

        var records = new List<T>();
        foreach (var path in Directory.Exists(directory) ? Directory.GetFiles(directory, "*.json") : [])
        {
            try
            {
                using var file = File.OpenRead(path);
                if (JsonSerializer.Deserialize(file, type) is { } record)
                {
                    records.Add(record);
                }
            }
            catch (Exception e) when (e is JsonException or IOException)
            {
                report($"read {path}", e);
            }
        }

        return records;
    }
}
