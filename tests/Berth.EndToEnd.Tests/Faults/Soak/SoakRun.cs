using System.Globalization;
using System.Text.Json.Nodes;
using Berth.EndToEnd.Tests.Harness;

namespace Berth.EndToEnd.Tests.Faults.Soak;

/// <summary>One container from its creation to its removal, carried through all kills of the daemon.</summary>
internal sealed class SoakRun(SoakDaemon daemon, string name, int number)
{
    private const int LogLines = 100;

    private readonly int _exitCode = number % 200;

    public async Task RunAsync()
    {
        var id = await daemon.InsistAsync(CreateAsync);
        await daemon.InsistAsync(again => StartAsync(id, again));
        var waited = await daemon.InsistAsync(_ => daemon.Api.PostAsync($"containers/{id}/wait"));
        Assert.Equal(_exitCode, (int)waited.Expect(200).Json["StatusCode"]!);
        var state = (await daemon.InsistAsync(_ => daemon.Api.GetAsync($"containers/{id}/json"))).Expect(200).Json["State"]!;
        Assert.Equal(("exited", _exitCode), ((string)state["Status"]!, (int)state["ExitCode"]!));
        var log = await daemon.InsistAsync(_ => daemon.Api.GetAsync($"containers/{id}/logs?stdout=1"));
        Assert.Equal(
            Enumerable.Range(0, LogLines).Select(i => $"{name} {i}"),
            EngineApi.Demultiplex(log.Expect(200).Body).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await daemon.InsistAsync(async again =>
        {
            var answer = await daemon.Api.DeleteAsync($"containers/{id}");
            return again ? answer.Expect(204, 404) : answer.Expect(204);
        });
    }

    /// <summary>A creation whose answer was lost may have been carried out: the name tells.</summary>
    private async Task<string> CreateAsync(bool again)
    {
        if (again && await daemon.Api.GetAsync($"containers/{name}/json") is { Status: 200 } found)
        {
            return (string)found.Json["Id"]!;
        }

        var answer = await daemon.Api.PostAsync($"containers/create?name={name}", new JsonObject
        {
            ["Image"] = "busybox",
            ["Cmd"] = new JsonArray("sh", "-c", string.Create(CultureInfo.InvariantCulture, $"i=0; while [ $i -lt {LogLines} ]; do echo {name} $i; i=$((i+1)); done; exit {_exitCode}")),
            ["HostConfig"] = new JsonObject { ["NetworkMode"] = number % 2 == 0 ? "bridge" : "none" },
        });
        return (string)answer.Expect(201).Json["Id"]!;
    }

    /// <summary>A container runs once: one whose start was not answered is started again only where it says that it was not.</summary>
    private async Task<ApiAnswer> StartAsync(string id, bool again)
    {
        if (again && (string?)(await daemon.Api.GetAsync($"containers/{id}/json")).Expect(200).Json["State"]!["Status"] is var status and not "created")
        {
            return new ApiAnswer(204, System.Text.Encoding.UTF8.GetBytes($"{status}"));
        }

        return (await daemon.Api.PostAsync($"containers/{id}/start")).Expect(204);
    }
}
