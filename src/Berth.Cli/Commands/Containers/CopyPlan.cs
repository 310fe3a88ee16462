namespace Berth.Cli.Commands.Containers;

/// <summary>Where an archive goes, and what its top entry is called there: the rules of <c>cp</c>, as of cp(1).</summary>
/// <param name="Directory">Where to unpack.</param>
/// <param name="Name">The name of the copy; null: that of the source.</param>
sealed record CopyPlan(string Directory, string? Name)
{
    /// <param name="sourceIsDirectory">What is copied.</param>
    /// <param name="destination">Where to, an absolute path.</param>
    /// <param name="exists">Whether something is there.</param>
    /// <param name="isDirectory">Whether that is a directory.</param>
    public static CopyPlan Of(bool sourceIsDirectory, string destination, bool exists, bool isDirectory)
    {
        if (exists && isDirectory)
        {
            return new CopyPlan(destination, null);
        }

        if (exists && sourceIsDirectory)
        {
            throw new CommandException("cannot copy directory");
        }

        if (!exists && !sourceIsDirectory && CopyPath.NamesDirectory(destination))
        {
            throw new CommandException("no such directory");
        }

        var (directory, name) = CopyPath.Split(destination);
        return new CopyPlan(directory, name);
    }
}
