using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Berth.Oci;

/// <summary>A content address, such as <c>sha256:2c26…</c>, checked against the grammar of the OCI image specification.</summary>
/// <remarks>
/// sha256, sha384 and sha512 are known, as in Docker; their hexadecimal part is lower case and of exact length, so that it can be
/// the name of a file. The default value is no digest and must not be used.
/// </remarks>
public readonly record struct Digest
{
    private static readonly SearchValues<char> _lowerHex = SearchValues.Create("0123456789abcdef");

    private readonly string? _text;

    private Digest(string text) => _text = text;

    /// <summary>Such as <c>sha256</c>.</summary>
    public string Algorithm => ToString()[..ToString().IndexOf(':')];

    /// <summary>The part after the colon.</summary>
    public string Hex => ToString()[(ToString().IndexOf(':') + 1)..];

    public bool IsDefault => _text is null;

    public static Digest Parse(string text) =>
        TryParse(text, out var digest, out var problem) ? digest : throw new FormatException(problem);

    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest) => TryParse(text, out digest, out _);

    /// <summary>Parses or says in <paramref name="problem"/> what is wrong, in the words of Docker's digest library.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest, [NotNullWhen(false)] out string? problem)
    {
        digest = default;
        var colon = text?.IndexOf(':') ?? -1;
        if (colon <= 0 || colon == text!.Length - 1)
        {
            problem = "invalid checksum digest format";
            return false;
        }

        int? length = text.AsSpan(0, colon) switch
        {
            "sha256" => 64,
            "sha384" => 96,
            "sha512" => 128,
            _ => null,
        };
        if (length is null)
        {
            problem = "unsupported digest algorithm";
            return false;
        }

        var hex = text.AsSpan(colon + 1);
        if (hex.Length != length)
        {
            problem = "invalid checksum digest length";
            return false;
        }

        if (hex.ContainsAnyExcept(_lowerHex))
        {
            problem = "invalid checksum digest format";
            return false;
        }

        digest = new Digest(text);
        problem = null;
        return true;
    }

    /// <summary>The address of these bytes.</summary>
    public static Digest OfContent(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        return FromSha256(hash);
    }

    /// <param name="hash">The 32 bytes of a finished SHA-256.</param>
    public static Digest FromSha256(ReadOnlySpan<byte> hash)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(hash.Length, SHA256.HashSizeInBytes);
        return new Digest($"sha256:{Convert.ToHexStringLower(hash)}");
    }

    public override string ToString() => _text ?? throw new InvalidOperationException("The default value is not a digest");
}
