using System.Text.Json;
using Berth.Cli.Connection;
using Berth.Cli.Formatting;

namespace Berth.Cli.Commands.System;

/// <summary>What <c>info</c> says of the daemon, line by line as Docker does.</summary>
static class InfoPage
{
    public static void Write(OutputWriter output, JsonElement info)
    {
        Number("Containers");
        output.WriteLine($"  Running: {info.Number("ContainersRunning")}");
        output.WriteLine($"  Paused: {info.Number("ContainersPaused")}");
        output.WriteLine($"  Stopped: {info.Number("ContainersStopped")}");
        Number("Images");
        Line("Server Version", info.Text("ServerVersion"));
        Line("Storage Driver", info.Text("Driver"));
        foreach (var pair in info.Items("DriverStatus").Where(pair => pair.GetArrayLength() == 2))
        {
            output.WriteLine($"  {pair[0].GetString()}: {pair[1].GetString()}");
        }

        Line("Logging Driver", info.Text("LoggingDriver"));
        Line("Cgroup Driver", info.Text("CgroupDriver"));
        Line("Cgroup Version", info.Text("CgroupVersion"));
        if (info.TryGetProperty("Plugins", out var plugins))
        {
            output.WriteLine(" Plugins:");
            output.WriteLine($"  Volume: {string.Join(' ', plugins.Texts("Volume"))}");
            output.WriteLine($"  Network: {string.Join(' ', plugins.Texts("Network"))}");
            Line(" Authorization", string.Join(' ', plugins.Texts("Authorization")));
            output.WriteLine($"  Log: {string.Join(' ', plugins.Texts("Log"))}");
        }

        Line("Swarm", info.TryGetProperty("Swarm", out var swarm) ? swarm.Text("LocalNodeState") : "");
        Line("Runtimes", string.Join(' ', info.Members("Runtimes").Select(runtime => runtime.Name).Order(StringComparer.Ordinal)));
        Line("Default Runtime", info.Text("DefaultRuntime"));
        Line("Init Binary", info.Text("InitBinary"));
        Commit("containerd version", "ContainerdCommit");
        Commit("runc version", "RuncCommit");
        Commit("init version", "InitCommit");
        Security(output, info);
        Line("Kernel Version", info.Text("KernelVersion"));
        Line("Operating System", info.Text("OperatingSystem"));
        Line("OSType", info.Text("OSType"));
        Line("Architecture", info.Text("Architecture"));
        output.WriteLine($" CPUs: {info.Number("NCPU")}");
        output.WriteLine($" Total Memory: {HumanSize.Binary(info.Number("MemTotal"))}");
        Line("Name", info.Text("Name"));
        Line("ID", info.Text("ID"));
        Line("Docker Root Dir", info.Text("DockerRootDir"));
        output.WriteLine($" Debug Mode: {Truth("Debug")}");
        Line("HTTP Proxy", info.Text("HttpProxy"));
        Line("HTTPS Proxy", info.Text("HttpsProxy"));
        Line("No Proxy", info.Text("NoProxy"));
        List("Labels", info.Texts("Labels"));
        output.WriteLine($" Experimental: {Truth("ExperimentalBuild")}");
        List("Insecure Registries", info.TryGetProperty("RegistryConfig", out var registries) ? registries.Texts("InsecureRegistryCIDRs") : []);
        List("Registry Mirrors", registries.ValueKind == JsonValueKind.Object ? registries.Texts("Mirrors") : []);
        output.WriteLine($" Live Restore Enabled: {Truth("LiveRestoreEnabled")}");
        Line("Product License", info.Text("ProductLicense"));

        void Number(string name) => output.WriteLine($" {name}: {info.Number(name)}");

        void Line(string title, string value)
        {
            if (value.Length > 0)
            {
                output.WriteLine($" {title}: {value}");
            }
        }

        void Commit(string title, string member) =>
            output.WriteLine($" {title}: {(info.TryGetProperty(member, out var commit) ? commit.Text("ID") : "")}");

        void List(string title, IEnumerable<string> values)
        {
            var any = false;
            foreach (var value in values)
            {
                output.Write(any ? "" : $" {title}:\n");
                output.WriteLine($"  {value}");
                any = true;
            }
        }

        string Truth(string name) => info.Flag(name) ? "true" : "false";
    }

    /// <summary>Each option is <c>name=seccomp,profile=builtin</c>.</summary>
    private static void Security(OutputWriter output, JsonElement info)
    {
        var options = info.Texts("SecurityOptions").ToList();
        if (options.Count == 0)
        {
            return;
        }

        output.WriteLine(" Security Options:");
        foreach (var pairs in options.Select(option => option.Split(',')))
        {
            foreach (var pair in pairs.Select(pair => pair.Split('=', 2)))
            {
                output.WriteLine(pair switch
                {
                    ["name", var name] => $"  {name}",
                    ["profile", var profile] => $"   Profile: {profile}",
                    [var name, var value] => $"   {name}: {value}",
                    _ => $"  {pair[0]}",
                });
            }
        }
    }
}
