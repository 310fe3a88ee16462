using Berth.Cli.CommandLine;
using Berth.Cli.Connection;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Images;

sealed class TagCommand() : Command("SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]", ArgumentCount.Exactly(2))
{
    public override int Run(Session session, IReadOnlyList<string> arguments)
    {
        ImageName target;
        try
        {
            target = ImageName.Parse(arguments[1]);
        }
        catch (CommandException wrong)
        {
            throw new CommandException($"Error parsing reference: {GoText.Quote(arguments[1])} is not a valid repository/tag: {wrong.Message}");
        }

        if (target.Digest.Length > 0)
        {
            throw new CommandException("refusing to create a tag with a digest reference");
        }

        session.Daemon.Do("POST", new QueryString($"/images/{QueryString.Escape(arguments[0])}/tag")
            .Add("repo", target.Repository).Add("tag", target.Tagged.Tag).ToString());
        return 0;
    }
}
