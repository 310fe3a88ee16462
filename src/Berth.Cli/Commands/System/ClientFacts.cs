using System.Runtime.InteropServices;
using Berth.Cli.Connection;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Commands.System;

/// <summary>What <c>version</c> and <c>info</c> say of this program.</summary>
static class ClientFacts
{
    public const string Product = "Berth";

    public static string Runtime => $".NET {Environment.Version}";

    public static string Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        global::System.Runtime.InteropServices.Architecture.X64 => "amd64",
        global::System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <param name="api">The version that the daemon agreed to; empty: it was not asked.</param>
    /// <param name="context">The context that named the daemon.</param>
    public static GoValue Version(string api, string context) => Structure("system.clientVersion", new()
    {
        ["Platform"] = GoValue.PointerTo(Structure("system.platformInfo", new() { ["Name"] = GoValue.Of(Product) })),
        ["Version"] = GoValue.Of(BuildFacts.Version),
        ["APIVersion"] = GoValue.Of(api),
        ["DefaultAPIVersion"] = GoValue.Of(DaemonClient.NewestVersion),
        ["GitCommit"] = GoValue.Of(BuildFacts.Commit),
        ["GoVersion"] = GoValue.Of(Runtime),
        ["Os"] = GoValue.Of("linux"),
        ["Arch"] = GoValue.Of(Architecture),
        ["Context"] = GoValue.Of(context),
    });

    /// <summary>What <c>info</c> has of the client.</summary>
    public static GoValue Info(Session session) => GoValue.PointerTo(Structure("system.clientInfo", new()
    {
        ["Debug"] = GoValue.Of(session.Flags.Debug.Value),
        ["clientVersion"] = Version(api: "", session.Address.Context),
        ["Plugins"] = new GoValue(GoType.Of("[]manager.Plugin"), Array.Empty<GoValue>()),
    }));

    /// <summary>A structure of these fields; the others are zero.</summary>
    public static GoValue Structure(string type, Dictionary<string, GoValue> fields)
    {
        var known = GoType.Of(type);
        return new GoValue(known, new GoStructure(known, [.. known.Fields.Select(field => fields.TryGetValue(field.Name, out var value) ? value : GoValue.Zero(field.Type))]));
    }
}
