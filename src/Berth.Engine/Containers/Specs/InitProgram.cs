using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Engine.Containers.Specs;

/// <summary>
/// The program that is PID 1 of a container with <c>--init</c>: it forwards signals and reaps. Compiled from Berth.Programs into
/// this assembly, and put into the data root, from where it is bound into containers.
/// </summary>
internal static class InitProgram
{
    /// <summary>Where it is in the container; the same place as Docker's.</summary>
    public const string Destination = "/sbin/docker-init";

    private const string Name = "berth-init";
    private const uint Mode = 0b111_101_101;

    private static readonly Lock _gate = new();

    /// <summary>Its file on the host; written where it is missing or of another version.</summary>
    public static string Provide(EngineOptions options)
    {
        var path = Path.Combine(options.DataRoot, "programs", Name);
        using var program = typeof(InitProgram).Assembly.GetManifestResourceStream(Name)!;
        var content = new byte[program.Length];
        program.ReadExactly(content);
        try
        {
            lock (_gate)
            {
                if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
                {
                    PrivateDirectory.Make(Path.GetDirectoryName(path)!);
                    RecordFile.Replace(path, content, Mode, durable: false);
                }
            }

            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or LinuxException)
        {
            throw new EngineException(ErrorKind.System, $"failed to start container with --init: {e.Message}", e);
        }
    }
}
