namespace Berth.EndToEnd.Tests.Harness;

/// <summary>One of the command lines that people drive the engine with, bound to one daemon.</summary>
public sealed class Client(string name, string program, string socket)
{
    public string Name { get; } = name;

    /// <summary>Path of the program, for tests that start it in a terminal of their own.</summary>
    public string Program { get; } = program;

    public IReadOnlyDictionary<string, string> Environment { get; private init; } = new Dictionary<string, string>
    {
        ["DOCKER_HOST"] = $"unix://{socket}",
        ["BERTH_HOST"] = $"unix://{socket}",
        ["HOME"] = "/nonexistent",
    };

    /// <summary>The same client with one more variable in its environment.</summary>
    public Client With(string variable, string value) =>
        new(Name, Program, socket) { Environment = new Dictionary<string, string>(Environment) { [variable] = value } };

    /// <summary>Runs the client with words that hold no blanks.</summary>
    public Task<ShellResult> RunAsync(string words) => RunAsync(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public Task<ShellResult> RunAsync(params IEnumerable<string> arguments) =>
        Shell.RunAsync(Program, arguments, environment: Environment);

    /// <summary>A command line, split at blanks, followed by a shell script as its last argument.</summary>
    public Task<ShellResult> ScriptAsync(string words, string script) =>
        RunAsync([.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries), "sh", "-c", script]);

    public Task<ShellResult> InputAsync(string words, byte[] input, TimeSpan? limit = null) =>
        Shell.RunAsync(Program, words.Split(' ', StringSplitOptions.RemoveEmptyEntries), input, Environment, limit);

    public override string ToString() => Name;
}
