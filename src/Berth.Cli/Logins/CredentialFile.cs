using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Berth.Api.Registry;

namespace Berth.Cli.Logins;

/// <summary>
/// The client's config.json in Docker's format, as far as it is about registries: credentials, or the names of the helpers that keep
/// them. What else stands there stays.
/// </summary>
sealed class CredentialFile
{
    /// <summary>What names servers.</summary>
    private static readonly string[] _lists = ["auths", "credHelpers"];

    private readonly JsonObject _content;

    private CredentialFile(string path, JsonObject content)
    {
        Path = path;
        _content = content;
    }

    public string Path { get; }

    /// <param name="directory">Where config.json lies, or will lie.</param>
    /// <exception cref="CommandException">It is no JSON object.</exception>
    public static CredentialFile Open(string directory)
    {
        var path = System.IO.Path.Combine(directory, "config.json");
        try
        {
            return new CredentialFile(path, File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("it holds no object") : []);
        }
        catch (JsonException wrong)
        {
            throw new CommandException($"WARNING: Error loading config file: {path}: {wrong.Message}");
        }
    }

    /// <summary>The helper that keeps the credentials of a server; null: they stand here.</summary>
    public CredentialProgram? HelperOf(string server)
    {
        var own = (_content["credHelpers"] as JsonObject)?[server];
        var name = own is null && server != RegistryServer.Hub ? (_content["credHelpers"] as JsonObject)?[RegistryServer.Host(server)] : own;
        return Text(name) is { Length: > 0 } helper ? new CredentialProgram(helper)
            : Text(_content["credsStore"]) is { Length: > 0 } store ? new CredentialProgram(store)
            : null;
    }

    /// <summary>The credentials of a server; null where there are none.</summary>
    public AuthConfig? Get(string server)
    {
        if (HelperOf(server) is { } helper)
        {
            return helper.Get(server);
        }

        // Old files name a server by its URL.
        var auths = _content["auths"] as JsonObject ?? [];
        var found = auths[server] as JsonObject
            ?? auths.FirstOrDefault(a => RegistryServer.Host(a.Key) == RegistryServer.Host(server)).Value as JsonObject;
        if (found is null)
        {
            return null;
        }

        var joined = Decode(Text(found["auth"]) ?? "");
        var colon = joined.IndexOf(':', StringComparison.Ordinal);
        return new AuthConfig
        {
            Username = colon < 0 ? Text(found["username"]) : joined[..colon],
            Password = colon < 0 ? Text(found["password"]) : joined[(colon + 1)..].TrimEnd('\0'),
            IdentityToken = Text(found["identitytoken"]),
            RegistryToken = Text(found["registrytoken"]),
            ServerAddress = server,
        };
    }

    /// <summary>All credentials, as the <c>auths</c> of a file that needs no helpers.</summary>
    public JsonObject Export()
    {
        var exported = new JsonObject();
        var servers = _lists.SelectMany(list => (_content[list] as JsonObject ?? []).Select(entry => entry.Key));
        foreach (var server in servers.Distinct(StringComparer.Ordinal))
        {
            if (Get(server) is { } auth)
            {
                exported[server] = Entry(auth);
            }
        }

        return exported;
    }

    /// <returns>Whether the secret stands in the file now, for everyone to see who can read it.</returns>
    public bool Store(string server, AuthConfig auth)
    {
        if (HelperOf(server) is { } helper)
        {
            helper.Store(server, auth);
            return false;
        }

        var auths = _content["auths"] as JsonObject;
        if (auths is null)
        {
            _content["auths"] = auths = [];
        }

        auths[server] = Entry(auth);
        Write();
        return true;
    }

    /// <summary>Forgets what is known of a server, if anything is.</summary>
    public void Erase(string server)
    {
        if (HelperOf(server) is { } helper)
        {
            helper.Erase(server);
            return;
        }

        var auths = _content["auths"] as JsonObject ?? [];
        var names = auths.Select(a => a.Key).Where(k => k == server || RegistryServer.Host(k) == RegistryServer.Host(server)).ToList();
        names.ForEach(name => auths.Remove(name));
        if (names.Count > 0)
        {
            Write();
        }
    }

    private static JsonObject Entry(AuthConfig auth)
    {
        var entry = new JsonObject
        {
            ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{auth.Username}:{(auth.IdentityToken is { Length: > 0 } ? "" : auth.Password)}")),
        };
        if (auth.IdentityToken is { Length: > 0 } token)
        {
            entry["identitytoken"] = token;
        }

        return entry;
    }

    private void Write()
    {
        // Behind a link, the file that it leads to is the one to replace.
        var target = (File.Exists(Path) ? File.ResolveLinkTarget(Path, returnFinalTarget: true)?.FullName : null) ?? Path;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var temporary = $"{target}{Environment.ProcessId}";
        using (var file = new FileStream(temporary, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        using (var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true, IndentCharacter = '\t', IndentSize = 1 }))
        {
            _content.WriteTo(writer);
        }

        File.Move(temporary, target, overwrite: true);
    }

    private static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var count) ? Encoding.UTF8.GetString(bytes, 0, count) : "";
    }
}
