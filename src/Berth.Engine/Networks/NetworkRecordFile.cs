using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Berth.Linux.Files;

namespace Berth.Engine.Networks;

/// <summary>Records of networks, one file each. One that cannot be read is reported, passed over and left as it is.</summary>
internal static class NetworkRecordFile
{
    private const uint Mode = 0x180; // 0600

    /// <param name="path">The file.</param>
    /// <param name="value">Its new content.</param>
    /// <param name="type">How the content is written.</param>
    internal static void Write<T>(string path, T value, JsonTypeInfo<T> type) =>
        RecordFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(value, type), Mode, durable: false);

    /// <returns>Null where there is none that can be read.</returns>
    internal static T? TryRead<T>(string path, JsonTypeInfo<T> type, Action<string, Exception> report)
        where T : class
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), type) : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            report($"{path} cannot be read, and is left as it is", e);
            return null;
        }
    }

    /// <summary>All records of a directory, when the daemon starts. What a killed daemon has half written goes away.</summary>
    internal static IReadOnlyList<T> ReadAll<T>(string directory, JsonTypeInfo<T> type, Action<string, Exception> report)
        where T : class
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        foreach (var half in Directory.GetFiles(directory, "*" + RecordFile.TemporaryExtension))
        {
            File.Delete(half);
        }

        return [.. Directory.GetFiles(directory, "*.json").Select(path => TryRead(path, type, report)).OfType<T>()];
    }
}
