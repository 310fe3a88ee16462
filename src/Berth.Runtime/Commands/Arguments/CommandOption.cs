namespace Berth.Runtime.Commands.Arguments;

/// <summary>One option of a command line.</summary>
/// <param name="Name">Its long name, without dashes.</param>
/// <param name="Letter">Its one-letter name, or 0.</param>
/// <param name="TakesValue">It is followed by a value.</param>
internal sealed record CommandOption(string Name, char Letter, bool TakesValue, string Description);
