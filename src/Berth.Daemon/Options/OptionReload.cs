using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Berth.Daemon.Life;
using Berth.Engine;
using Berth.Engine.Events;
using Berth.Engine.Images;
using Berth.Engine.Info;

namespace Berth.Daemon.Options;

/// <summary>SIGHUP: daemon.json is read again, and what can change in a running daemon does: the log's level, the labels, the patience at the end and what is said of registries.</summary>
static class OptionReload
{
    public static void Run(OptionValues flags, Log log, InfoService info, ImageService images, EventService events, DaemonLife life)
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

        var registries = options.Engine.Registries;
        log.Level = options.LogLevel;
        life.Reload(options);
        info.Reload(options.Engine);
        images.Reload(options.Engine);
        events.Publish("daemon", "reload", info.EngineId, new Dictionary<string, string>
        {
            ["name"] = InfoService.HostName,
            ["debug"] = options.Engine.Debug ? "true" : "false",
            ["labels"] = Json(options.Engine.Labels),
            ["insecure-registries"] = Json(registries.InsecureRegistries),
            ["registry-mirrors"] = Json(registries.HubMirrors),
            ["max-concurrent-downloads"] = Number(registries.ParallelDownloads),
            ["max-concurrent-uploads"] = Number(registries.ParallelUploads),
            ["max-download-attempts"] = Number(registries.Attempts),
            ["live-restore"] = "true",
            ["shutdown-timeout"] = Number((int)options.ShutdownTimeout.TotalSeconds),
        });
        log.Info("Reloaded configuration", ("file", options.ConfigPath));
    }

    // Docker's clients are told of lists as JSON in a text.
    private static string Json(IReadOnlyList<string> list) =>
        $"[{string.Join(',', list.Select(text => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""))}]";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
