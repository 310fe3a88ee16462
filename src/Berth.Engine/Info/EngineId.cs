namespace Berth.Engine.Info;

/// <summary>What this engine calls itself for good: made when it is first asked for, kept in the data root.</summary>
public sealed class EngineId(string dataRoot)
{
    private readonly Lock _gate = new();
    private string? _value;

    public string Value
    {
        get
        {
            lock (_gate)
            {
                return _value ??= Read() ?? Create();
            }
        }
    }

    private string Path { get; } = System.IO.Path.Combine(dataRoot, "engine-id");

    private string? Read() => File.Exists(Path) && Guid.TryParse(File.ReadAllText(Path), out var id) ? id.ToString() : null;

    private string Create()
    {
        var id = Guid.NewGuid().ToString();
        var temporary = Path + ".new";
        File.WriteAllText(temporary, id + "\n");
        File.Move(temporary, Path, overwrite: true);
        return id;
    }
}
