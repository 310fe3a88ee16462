using System.Text.Json;
using Berth.Oci.Runtime;
using Berth.Runtime.Bundles;
using Berth.Runtime.Commands.Arguments;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Commands;

internal static class SpecCommand
{
    internal static Command Definition { get; } = new()
    {
        Name = "spec",
        Usage = "[command options]",
        Summary = "create a new specification file",
        Options = [new("bundle", 'b', true, "path to the root of the bundle directory")],
        Run = Run,
    };

    private static int Run(RuntimeContext context, ParsedArguments arguments)
    {
        _ = arguments.Exactly("spec", 0);
        var path = Path.Combine(arguments.Value("bundle") ?? ".", Bundle.SpecName);
        if (File.Exists(path))
        {
            throw StartException.Of("spec", $"File {path} exists. Remove it first");
        }

        // Indented, because people go on to edit it.
        var json = new OciRuntimeJson(new JsonSerializerOptions(OciRuntimeJson.Default.Options) { WriteIndented = true });
        File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(SpecTemplate.Make(), json.OciSpec));
        return 0;
    }
}
