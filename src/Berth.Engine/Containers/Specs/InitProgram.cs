namespace Berth.Engine.Containers.Specs;

/// <summary>The program that is PID 1 of a container with <c>--init</c>: it forwards signals and reaps.</summary>
internal static class InitProgram
{
    /// <summary>Where it is in the container; the same place as Docker's.</summary>
    public const string Destination = "/sbin/docker-init";

    private static readonly string[] _places =
    [
        "/usr/libexec/docker/docker-init", "/usr/bin/docker-init", "/usr/local/bin/docker-init", "/usr/bin/tini-static", "/usr/bin/catatonit",
    ];

    public static string FindOnHost() => Array.Find(_places, File.Exists)
        ?? throw new EngineException(ErrorKind.System, "failed to start container with --init: no docker-init, tini-static or catatonit is installed");
}
