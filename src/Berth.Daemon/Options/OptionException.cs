namespace Berth.Daemon.Options;

/// <summary>The daemon cannot be started as it was told to.</summary>
sealed class OptionException(string message) : Exception(message)
{
    /// <summary>An error in the flags, where the help page helps.</summary>
    public static OptionException Usage(string message) => new($"{message}\nSee 'berthd --help'.");
}
