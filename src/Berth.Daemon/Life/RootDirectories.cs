using Berth.Daemon.Options;
using Berth.Engine;
using Berth.Linux.Files;

namespace Berth.Daemon.Life;

/// <summary>
/// The data root and the run root: closed to everyone, as what lies below them are the files of containers, set-uid programs too, and
/// their environments.
/// </summary>
static class RootDirectories
{
    /// <summary>Everyone passed: what releases before made of the run root.</summary>
    private const uint EveryonePasses = 0b111_001_001;

    private static readonly string[] _below = ["base", "containers", "events", "images", "layers", "networks", "programs", "runtime", "volumes"];

    public static void Make(DaemonOptions options)
    {
        PrivateDirectory.Make(options.Engine.DataRoot, PrivateDirectory.GroupPasses);
        var run = options.Engine.ExecRoot;

        // One that somebody else has made may be another's, too, such as /run: what is below it is closed all the same.
        if (run.TrimEnd('/') == EngineOptions.DefaultExecRoot || !Directory.Exists(run) || PrivateDirectory.ModeOf(run) == EveryonePasses || !Directory.EnumerateFileSystemEntries(run).Any())
        {
            PrivateDirectory.Make(run, PrivateDirectory.GroupPasses);
        }

        // What releases before have left open.
        var isOurs = PrivateDirectory.ModeOf(run) == PrivateDirectory.GroupPasses;
        string[] roots = isOurs ? [options.Engine.DataRoot, run] : [options.Engine.DataRoot];
        foreach (var directory in roots.SelectMany(root => _below.Select(name => Path.Combine(root, name))).Where(Directory.Exists))
        {
            PrivateDirectory.Make(directory);
        }

        // Whoever may use the socket passes to it.
        if (isOurs && options.Group is { } group && UserGroup.TryFind(group) is { } id
            && options.Addresses.Any(a => a.Scheme == "unix" && Path.GetDirectoryName(a.Place) == run.TrimEnd('/')))
        {
            using var held = HeldEntry.Open(run);
            held.SetOwner(uint.MaxValue, id);
        }
    }
}
