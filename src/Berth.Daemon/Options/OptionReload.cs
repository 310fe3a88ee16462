using Berth.Engine;
using Berth.Engine.Events;
using Berth.Engine.Images;
using Berth.Engine.Info;

namespace Berth.Daemon.Options;

/// <summary>SIGHUP: daemon.json is read again, and what can change in a running daemon does: the log's level, the labels and what is said of registries.</summary>
static class OptionReload
{
    public static void Run(OptionValues flags, Log log, InfoService info, ImageService images, EventService events)
    {
        DaemonOptions options;
        try
        {
            options = DaemonOptions.Resolve(flags);
        }
        catch (OptionException e)
        {
            log.Error("configuration is not reloaded", ("error", e.Message));
            return;
        }

        log.Level = options.LogLevel;
        info.Reload(options.Engine);
        images.Reload(options.Engine);
        events.Publish("daemon", "reload", info.EngineId, new Dictionary<string, string>
        {
            ["name"] = InfoService.HostName,
            ["debug"] = options.Engine.Debug ? "true" : "false",
            ["labels"] = $"[{string.Join(' ', options.Engine.Labels.Select(l => $"\"{l}\""))}]",
        });
        log.Info("Reloaded configuration", ("file", options.ConfigPath));
    }
}
