using System.Text.Json;
using System.Text.Json.Serialization;
using Berth.Images.Registry;
using Berth.Oci;

namespace Berth.Daemon.Options;

/// <summary>A rule for registries as it is configured: <c>quay.io/team={"blocked": true}</c>.</summary>
static class RegistryRuleText
{
    public static string? Check(string text)
    {
        try
        {
            Parse(text);
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    /// <exception cref="FormatException">It is no rule.</exception>
    public static RegistryRule Parse(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var prefix = (equals < 0 ? text : text[..equals]).TrimEnd('/');
        if (equals < 0 || prefix.Length == 0 || prefix.StartsWith('/'))
        {
            throw new FormatException("a rule is a prefix of names, such as quay.io/team, an equals sign, and an object");
        }

        try
        {
            var rule = JsonSerializer.Deserialize(text.AsSpan(equals + 1), RegistryRuleJson.Default.RegistryRuleDocument)
                ?? throw new FormatException($"the rule of {prefix} is null");
            return new RegistryRule(prefix)
            {
                Mirrors = [.. (rule.Mirrors ?? []).Select(m => m is { Length: > 0 } ? m : throw new FormatException($"a mirror of {prefix} is empty"))],
                Rewrite = rule.Rewrite?.TrimEnd('/'),
                Blocked = rule.Blocked,
            };
        }
        catch (JsonException e)
        {
            throw new FormatException($"the rule of {prefix} is no object of mirrors, rewrite and blocked: {JsonFault.Describe(e)}", e);
        }
    }
}

/// <summary>The object of one rule.</summary>
sealed record RegistryRuleDocument
{
    public IReadOnlyList<string?>? Mirrors { get; init; }

    public string? Rewrite { get; init; }

    public bool Blocked { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(RegistryRuleDocument))]
sealed partial class RegistryRuleJson : JsonSerializerContext;
