namespace Berth.Daemon.Options;

/// <summary>What is said of dockerd's options that have no effect here.</summary>
static class IgnoredOptions
{
    /// <summary>A warning for each that was given.</summary>
    /// <exception cref="OptionException">One of them keeps something safe that would not be so without it.</exception>
    public static IEnumerable<string> Warnings(OptionValues values)
    {
        foreach (var option in values.Given.Where(o => o.NoEffect is not null))
        {
            foreach (var value in values.List(option.Name))
            {
                if (option.Refusal?.Invoke(value) is { } danger)
                {
                    throw new OptionException($"{values.PlaceOf(option)} is refused: {danger}. Remove it to do without.");
                }
            }

            if (!IsWhatIsDone(option, values))
            {
                yield return $"{values.PlaceOf(option)} has no effect here: {option.NoEffect}";
            }
        }
    }

    private static bool IsWhatIsDone(DaemonOption option, OptionValues values) => option.Name switch
    {
        "storage-driver" => values.Text(option.Name) is "overlay2" or "",
        "default-runtime" => values.Text(option.Name) is "berth" or "",
        _ => false,
    };
}
