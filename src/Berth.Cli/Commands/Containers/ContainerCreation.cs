using System.Net;
using Berth.Api.Containers;
using Berth.Cli.Commands.Images;
using Berth.Cli.Connection;
using Berth.Cli.Options;

namespace Berth.Cli.Commands.Containers;

/// <summary>Makes a container, and gets its image where that is missing: what <c>create</c> and <c>run</c> have in common.</summary>
sealed class ContainerCreation(Session session, CreateFlags flags)
{
    private const string PullAlways = "always";
    private const string PullMissing = "missing";
    private const string PullNever = "never";

    /// <exception cref="CommandException">A flag of the creation itself is wrong.</exception>
    public void Check()
    {
        flags.ContentTrust.Check();
        if (flags.Pull.Value is not (PullAlways or PullMissing or PullNever))
        {
            throw new CommandException($"invalid pull option: '{flags.Pull.Value}': must be one of \"{PullAlways}\", \"{PullMissing}\" or \"{PullNever}\"");
        }
    }

    /// <summary>Returns the new container's id.</summary>
    public string Create(CreateContainerRequest request)
    {
        var image = request.Image is ['s', 'h', 'a', '2', '5', '6', ':', ..] ? (ImageName?)null : ImageName.Parse(request.Image).Tagged;
        request = request with { Env = WithProxies(request.Env ?? []) };
        using var idFile = ContainerIdFile.Create(flags.ContainerIdFile);

        if (flags.Pull.Value == PullAlways && image is { } wanted)
        {
            Pull(wanted);
        }

        var socket = flags.UseApiSocket.Value ? new ApiSocket(session) : null;
        var created = Send(socket?.Add(request) ?? request, image);
        socket?.Complete(created.Id);
        foreach (var warning in created.Warnings ?? [])
        {
            session.Warn($"WARNING: {warning}");
        }

        idFile?.Write(created.Id);
        return created.Id;
    }

    /// <summary>The proxies of config.json, where the user says nothing else.</summary>
    private List<string> WithProxies(IReadOnlyList<string> variables)
    {
        List<string> all = [.. variables];
        foreach (var (name, value) in session.Config.ProxyVariables(session.Daemon.Address.Text))
        {
            if (!variables.Any(variable => variable == name || variable.StartsWith(name + "=", StringComparison.Ordinal)))
            {
                all.Add($"{name}={value}");
            }
        }

        return all;
    }

    private CreateContainerResponse Send(CreateContainerRequest request, ImageName? image)
    {
        var target = new QueryString("/containers/create").AddNonEmpty("name", flags.Name).AddNonEmpty("platform", flags.Platform).ToString();
        try
        {
            return Post(target, request);
        }
        catch (DaemonException missing) when (IsMissingImage(missing) && image is not null && flags.Pull.Value == PullMissing)
        {
            if (!flags.Quiet.Value)
            {
                session.Warn($"Unable to find image '{image}' locally");
            }

            Pull(image.Value);
            return Post(target, request);
        }
    }

    /// <summary>The image may be there after all by the time it is used, or a volume be missing: only the absence of the image, or of the one for the platform, is answered with a pull.</summary>
    private static bool IsMissingImage(DaemonException failure) =>
        failure.Status == HttpStatusCode.NotFound
        && (failure.Reason.StartsWith("No such image", StringComparison.OrdinalIgnoreCase)
            || failure.Reason.StartsWith("image with reference", StringComparison.OrdinalIgnoreCase));

    private void Pull(ImageName image) => ImagePull.Run(session, image, flags.Platform, flags.Quiet.Value, session.Error);

    private CreateContainerResponse Post(string target, CreateContainerRequest request) =>
        Read(session.Daemon.Post(target, request, ContainerRequestJson.Default.CreateContainerRequest));

    private CreateContainerResponse Read(HttpResponse response)
    {
        using var reply = session.Daemon.ReadObject(response);
        return new CreateContainerResponse { Id = reply.Text("Id"), Warnings = reply.Texts("Warnings") };
    }
}
