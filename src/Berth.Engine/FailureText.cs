using System.Text.RegularExpressions;
using Berth.Oci;

namespace Berth.Engine;

/// <summary>
/// What a client is told of a failure that nobody put into words for it: no names of this program's types, and no paths of files that
/// are there only for a moment.
/// </summary>
public static partial class FailureText
{
    public static string Of(Exception failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure switch
        {
            EngineException => failure.Message,
            System.Text.Json.JsonException => JsonFault.Describe(failure),
            FileNotFoundException or DirectoryNotFoundException => "no such file or directory",
            UnauthorizedAccessException => "permission denied",
            IOException when PathAtEnd().Match(failure.Message) is { Success: true, Index: var end } => failure.Message[..end],
            _ when TypeName().IsMatch(failure.Message) => "internal error: the daemon's log has more",
            _ => TemporaryPath().Replace(failure.Message, "a temporary file"),
        };
    }

    // The base library's: "No space left on device : '/path'".
    [GeneratedRegex(" ?: '/[^']*'\\.?$")]
    private static partial Regex PathAtEnd();

    [GeneratedRegex(@"\b(System|Microsoft|Berth)\.[A-Z]\w+|Object reference not set")]
    private static partial Regex TypeName();

    // Of TemporaryDirectory: tmp/RUN/NAME, each as Path.GetRandomFileName makes them.
    [GeneratedRegex(@"(/[^\s/:']+)*/tmp/[a-z0-9]{8}\.[a-z0-9]{3}(/[a-z0-9]{8}\.[a-z0-9]{3})?")]
    private static partial Regex TemporaryPath();
}
