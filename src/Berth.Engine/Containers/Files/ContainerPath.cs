using Berth.Api.Containers;
using Berth.Engine.Containers.Creation;
using Berth.Linux;
using Berth.Linux.Files;

namespace Berth.Engine.Containers.Files;

/// <summary>A path in a container as a client gave it: from the root, cleaned, but with a slash or "/." at its end kept, which mean a directory.</summary>
internal sealed class ContainerPath
{
    public ContainerPath(string given)
    {
        if (given.Length == 0)
        {
            throw ContainerErrors.Invalid("bad parameter: path cannot be empty");
        }

        if (given.Contains('\0', StringComparison.Ordinal))
        {
            throw ContainerErrors.Invalid("bad parameter: path holds a zero byte");
        }

        Given = given;
        Clean = MountSpecs.CleanPath("/" + given);
        var ending = given.EndsWith("/.", StringComparison.Ordinal) || given == "." ? "/." : given.EndsWith('/') ? "/" : "";
        Text = Clean == "/" ? "/" : Clean + ending;
        Base = ending == "/." && Clean != "/" ? "." : Clean == "/" ? "/" : Clean[(Clean.LastIndexOf('/') + 1)..];
    }

    public string Given { get; }

    /// <summary>Without what is at its end.</summary>
    public string Clean { get; }

    /// <summary>With it.</summary>
    public string Text { get; }

    /// <summary>Its last component, by which archives call it.</summary>
    public string Base { get; }

    /// <summary>What is at the path; a link in its last place itself.</summary>
    /// <exception cref="EngineException">Nothing is there.</exception>
    public FileDescriptor Find(RootDirectory root, string container) => Look(root, root.TryFind, container);

    /// <summary>What the path leads to.</summary>
    /// <exception cref="EngineException">Nothing is there.</exception>
    public FileDescriptor Resolve(RootDirectory root, string container) => Look(root, root.TryResolve, container);

    /// <summary>Says what was found at the path, as the header of an archive does.</summary>
    public ContainerPathStat Describe(RootDirectory root, FileDescriptor found)
    {
        var status = TreeStatus.Of(found);
        return new ContainerPathStat
        {
            Name = Base,
            Size = status.Size,
            Mode = GoFileMode.Of(status),
            Mtime = WireTime.Of(status.Modified.Seconds, status.Modified.Nanoseconds),
            LinkTarget = status.IsSymbolicLink ? Follow(root) : "",
        };
    }

    private FileDescriptor Look(RootDirectory root, Func<string, FileDescriptor?> find, string container)
    {
        try
        {
            return find(Text)
                ?? throw (LeadsThroughFile(root) ? ContainerErrors.Invalid($"lstat {Given}: not a directory") : ContainerErrors.NoSuchFile(Given, container));
        }
        catch (LinuxException e) when (e.Errno is Errno.ELOOP or Errno.ENAMETOOLONG)
        {
            throw ContainerErrors.Invalid($"{Given}: {e.Message}");
        }
    }

    /// <summary>Whether something on the way is there, but no directory.</summary>
    private bool LeadsThroughFile(RootDirectory root)
    {
        for (var end = Text.LastIndexOf('/'); end > 0; end = Text.LastIndexOf('/', end - 1))
        {
            using var found = root.TryResolve(Text[..end]);
            if (found is not null)
            {
                return !FileStatus.Of(found).IsDirectory;
            }
        }

        return false;
    }

    private string Follow(RootDirectory root)
    {
        try
        {
            return root.Follow(Clean);
        }
        catch (LinuxException e) when (e.Errno is Errno.ELOOP)
        {
            throw ContainerErrors.Invalid($"{Given}: {e.Message}");
        }
    }
}
