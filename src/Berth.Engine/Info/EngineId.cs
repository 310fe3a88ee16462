using System.Text;
using Berth.Linux.Files;

namespace Berth.Engine.Info;

/// <summary>What this engine calls itself for good: made at its first start, kept in the data root.</summary>
public sealed class EngineId
{
    private const uint Mode = 0x180; // 0600
    private const int LongestId = 128;

    public EngineId(string dataRoot, DeferredWrites writes)
    {
        var path = Path.Combine(dataRoot, "engine-id");
        if (TryRead(path) is { } known)
        {
            Value = known;
            return;
        }

        Value = Guid.NewGuid().ToString();
        writes.Do("the engine's id", () => RecordFile.Replace(path, Encoding.ASCII.GetBytes(Value + "\n"), Mode, durable: false));
    }

    public string Value { get; }

    /// <returns>Null where there is none, or a power failure has left nothing of it.</returns>
    private static string? TryRead(string path)
    {
        try
        {
            // Whatever another release has called it.
            return File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 and <= LongestId } text && text.All(c => char.IsAscii(c) && !char.IsControl(c))
                ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
