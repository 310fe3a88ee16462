using System.Net;

namespace Berth.Images.Registry;

/// <summary>A registry refused, cannot be reached, or does not speak as it should. The message is meant for the user.</summary>
public sealed class RegistryException(string message, string? code = null, HttpStatusCode? status = null, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>The distribution specification's code of the error, such as MANIFEST_UNKNOWN, where the registry gave one.</summary>
    public string? Code { get; } = code;

    /// <summary>Null where there was no answer.</summary>
    public HttpStatusCode? Status { get; } = status;

    /// <summary>When it may be asked again, where it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
