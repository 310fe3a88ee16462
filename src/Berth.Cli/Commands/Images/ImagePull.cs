using Berth.Cli.Connection;
using Berth.Cli.Logins;
using Berth.Cli.Options;
using Berth.Cli.Streams;
using Berth.Linux.Terminals;

namespace Berth.Cli.Commands.Images;

/// <summary>Asks the daemon for an image and shows how it comes.</summary>
static class ImagePull
{
    public static void Run(Session session, ImageName image, string platform, bool quiet, OutputWriter output)
    {
        var target = new QueryString("/images/create")
            .Add("fromImage", image.Repository)
            .Add("tag", image.Digest.Length > 0 ? image.Digest : image.Tag)
            .AddNonEmpty("platform", platform);
        using var response = session.Daemon.Send(new HttpRequest("POST", target.ToString())
        {
            Headers = RegistryAuthHeader.ForImage(session, image.Repository),
        });
        var shown = quiet ? new OutputWriter(Stream.Null) : output;
        ProgressMessages.To(shown, output == session.Out ? StandardDescriptor.Output : StandardDescriptor.Error).Print(response.Body);
    }
}
