using Berth.Cli.CommandLine;

namespace Berth.Cli.Options;

/// <summary><c>--disable-content-trust</c>: Berth verifies no signatures of images, and who asks for it must not get images without.</summary>
sealed class ContentTrust
{
    private const string Variable = "DOCKER_CONTENT_TRUST";

    private readonly Flag<bool> _disabled;

    public ContentTrust(FlagSet flags, string usage) =>
        _disabled = flags.Bool("disable-content-trust", null, usage, initial: !IsDemanded());

    /// <exception cref="CommandException">Signatures are asked for.</exception>
    public void Check()
    {
        if (!_disabled.Value)
        {
            throw new CommandException(
                $"content trust is not supported: signatures of images cannot be verified. To go on without, unset {Variable} or use --disable-content-trust");
        }
    }

    /// <summary>What is no boolean counts as true.</summary>
    private static bool IsDemanded()
    {
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        try
        {
            return GoNumber.Bool(text);
        }
        catch (FormatException)
        {
            return true;
        }
    }
}
