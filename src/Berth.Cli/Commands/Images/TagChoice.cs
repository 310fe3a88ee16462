using Berth.Cli.Options;

namespace Berth.Cli.Commands.Images;

/// <summary>Which tags a pull or a push is about.</summary>
static class TagChoice
{
    /// <returns>The image as it was given or, where neither a tag nor all of them are meant, with the default tag, which is told then.</returns>
    /// <exception cref="CommandException">A tag, and all tags.</exception>
    public static ImageName Of(Session session, string name, bool allTags, bool quiet)
    {
        var image = ImageName.Parse(name);
        var isChosen = image.Tag.Length > 0 || image.Digest.Length > 0;
        if (allTags && isChosen)
        {
            throw new CommandException("tag can't be used with --all-tags/-a");
        }

        if (allTags || isChosen)
        {
            return image;
        }

        if (!quiet)
        {
            session.Out.WriteLine("Using default tag: latest");
            session.Out.Flush();
        }

        return image.Tagged;
    }
}
