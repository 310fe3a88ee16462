using System.Text.Json;
using Berth.Oci.Runtime;
using Berth.Runtime.Processes;

namespace Berth.Runtime.Bundles;

/// <summary>An OCI bundle: a directory with a config.json that was found to be in order.</summary>
/// <param name="Path">Absolute path of the directory.</param>
/// <param name="Spec">What config.json says.</param>
public sealed record Bundle(string Path, OciSpec Spec)
{
    public const string SpecName = "config.json";

    /// <summary>Absolute path of the root directory on the host.</summary>
    public string RootPath => System.IO.Path.GetFullPath(Spec.Root!.Path, Path);

    /// <summary>Has the serializer learn the types of a specification (some milliseconds) ahead of <see cref="Read"/>.</summary>
    internal static void PrepareRead()
    {
        var template = JsonSerializer.SerializeToUtf8Bytes(SpecTemplate.Make(), OciRuntimeJson.Default.OciSpec);
        SpecCheck.Verify(SpecDocument.Read(template, OciRuntimeJson.Default.OciSpec, SpecName));
    }

    /// <exception cref="StartException">There is no such bundle, or its config.json is no valid specification.</exception>
    public static Bundle Read(string directory)
    {
        var path = System.IO.Path.GetFullPath(directory);
        try
        {
            var spec = SpecDocument.Read(File.ReadAllBytes(System.IO.Path.Combine(path, SpecName)), OciRuntimeJson.Default.OciSpec, SpecName);
            SpecCheck.Verify(spec);
            return new Bundle(path, spec);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw StartException.Of("config", $"JSON specification file {SpecName} not found");
        }
    }
}
