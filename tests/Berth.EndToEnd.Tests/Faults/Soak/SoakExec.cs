using System.Globalization;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults.Soak;

/// <summary>One exec in a running container. Execs do not outlive the daemon: what a kill cuts off may fail, but not answer wrongly.</summary>
internal sealed class SoakExec(SoakDaemon daemon, string container, int number)
{
    private readonly int _exitCode = number % 200;

    /// <returns>False where the daemon was killed before the end was told.</returns>
    public async Task<bool> RunAsync()
    {
        var then = daemon.Now;
        try
        {
            var word = string.Create(CultureInfo.InvariantCulture, $"word {number}");
            var created = await daemon.Api.PostAsync($"containers/{container}/exec", new JsonObject
            {
                ["AttachStdout"] = true,
                ["AttachStderr"] = true,
                ["Cmd"] = new JsonArray("sh", "-c", $"echo {word}; exit {_exitCode}"),
            });
            var id = (string)created.Expect(201).Json["Id"]!;
            var stream = await daemon.Api.PostAsync($"exec/{id}/start", new JsonObject { ["Detach"] = false, ["Tty"] = false });
            if (stream.Status == 404 && daemon.WasKilledSince(then))
            {
                return false;
            }

            // A stream that a kill cut off ends like one that is complete.
            stream.Expect(200);
            var inspected = await daemon.Api.GetAsync($"exec/{id}/json");
            if (inspected.Status == 404 && daemon.WasKilledSince(then))
            {
                return false;
            }

            var exec = inspected.Expect(200).Json;
            Assert.False((bool)exec["Running"]!);
            Assert.Equal(_exitCode, (int)exec["ExitCode"]!);
            Assert.Equal($"{word}\n", EngineApi.Demultiplex(stream.Body));
            return true;
        }
        catch (ConnectionLostException) when (daemon.WasKilledSince(then))
        {
            return false;
        }
    }
}
