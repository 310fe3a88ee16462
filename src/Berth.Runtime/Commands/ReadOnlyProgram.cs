using Berth.Linux;
using Berth.Linux.Files;
using Berth.Linux.Mounts;
using Berth.Linux.Processes;

namespace Berth.Runtime.Commands;

/// <summary>Makes this program run from a read-only mount, so that no container can write to it.</summary>
/// <remarks>
/// A process of this program that is in a container's pid namespace shows the container /proc/PID/exe: the host's file. Not being
/// dumpable keeps the container from opening it, until the container's own image makes it run once more: an entry point
/// <c>#!/proc/self/exe</c> executes the host's file as a process of the container, dumpable, and a descriptor of it can be
/// opened for writing as soon as it runs no more (CVE-2019-5736). Running from a mount that is read-only answers every such
/// descriptor with EROFS, at no cost of memory: the pages are the file's own (a sealed copy in memory would be one for each
/// monitor). The mount is a clone that stands in no mount namespace; when execve has closed its descriptor it belongs to none,
/// and mount_setattr refuses to make it writable again, even for a container that has CAP_SYS_ADMIN.
/// </remarks>
internal static class ReadOnlyProgram
{
    private const string Self = "/proc/self/exe";

    /// <summary>Returns in a process whose program is on a read-only mount; executes it anew where it is not yet.</summary>
    /// <param name="arguments">The program's, without its name.</param>
    /// <param name="keepsEnvironment">Otherwise it has none from here on: what its clones have in memory a container may come to see.</param>
    internal static void Ensure(string[] arguments, bool keepsEnvironment = true)
    {
        var environment = new List<string>();
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            environment.Add($"{entry.Key}={entry.Value}");
        }

        using (var program = OpenFile.Read(Self))
        {
            if (MountStatus.IsReadOnly(program) && (keepsEnvironment || environment.Count == 0))
            {
                return;
            }
        }

        using var clone = DetachedMount.Clone(Self, recursive: false);
        clone.SetAttributes(MountAttributes.ReadOnly, MountAttributes.None);
        var image = new ProgramImage([Environment.GetCommandLineArgs()[0], .. arguments], keepsEnvironment ? [.. environment] : []);
        throw new LinuxException("execveat", image.Execute(clone.Descriptor), Self);
    }
}
