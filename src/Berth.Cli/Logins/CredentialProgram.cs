using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Berth.Api.Registry;
using Berth.Cli.Connection;

namespace Berth.Cli.Logins;

/// <summary>A program that keeps credentials: docker-credential-NAME (https://github.com/docker/docker-credential-helpers).</summary>
sealed class CredentialProgram(string name)
{
    // It may have to ask its user for the key to a store.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private const string NotFound = "credentials not found in native keychain";

    // In the place of a username: what is kept is an identity token.
    private const string TokenUser = "<token>";

    private string Program => $"docker-credential-{name}";

    /// <returns>Null where it keeps none for this server.</returns>
    public AuthConfig? Get(string server)
    {
        if (Run("get", server) is not { } reply)
        {
            return null;
        }

        using var document = JsonDocument.Parse(reply);
        var (username, secret) = (document.RootElement.Text("Username"), document.RootElement.Text("Secret"));
        return username == TokenUser
            ? new AuthConfig { IdentityToken = secret, ServerAddress = server }
            : new AuthConfig { Username = username, Password = secret, ServerAddress = server };
    }

    public void Store(string server, AuthConfig auth)
    {
        var isToken = auth.IdentityToken is { Length: > 0 };
        using var memory = new MemoryStream();
        using (var writer = new Utf8JsonWriter(memory))
        {
            writer.WriteStartObject();
            writer.WriteString("ServerURL", server);
            writer.WriteString("Username", isToken ? TokenUser : auth.Username);
            writer.WriteString("Secret", isToken ? auth.IdentityToken : auth.Password);
            writer.WriteEndObject();
        }

        Run("store", Encoding.UTF8.GetString(memory.ToArray()));
    }

    public void Erase(string server) => Run("erase", server);

    /// <returns>What it printed; null where it has nothing.</returns>
    private string? Run(string verb, string input)
    {
        try
        {
            using var helper = Process.Start(new ProcessStartInfo(Program, verb)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            var output = helper.StandardOutput.ReadToEndAsync();
            Give(helper.StandardInput, input);
            if (!output.Wait(_patience) || !helper.WaitForExit(_patience))
            {
                helper.Kill();
                throw new CommandException($"error getting credentials - {Program} {verb} did not end in time");
            }

            var text = output.Result.Trim();
            return helper.ExitCode == 0 ? text
                : text.Contains(NotFound, StringComparison.Ordinal) ? null
                : throw new CommandException($"error getting credentials - err: exit status {helper.ExitCode}, out: `{text}`");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new CommandException($"error getting credentials - err: exec: \"{Program}\": executable file not found in $PATH, out: ``");
        }
    }

    private static void Give(StreamWriter program, string input)
    {
        try
        {
            using (program)
            {
                program.Write(input);
            }
        }
        catch (IOException)
        {
            // It ended without reading what it did not need; how it ended is what counts.
        }
    }
}
