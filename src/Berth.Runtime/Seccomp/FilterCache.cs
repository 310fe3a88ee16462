using System.Text.Json;
using Berth.Linux.Seccomp;
using Berth.Oci.Runtime;

namespace Berth.Runtime.Seccomp;

/// <summary>
/// Remembers the filter of the last profile: to compile Docker's default one takes more than a millisecond, and nearly every
/// container and every exec has that.
/// </summary>
internal static class FilterCache
{
    private static OciSeccomp? _section;
    private static byte[]? _profile;
    private static SeccompFilter? _filter;

    /// <exception cref="InvalidDataException">The profile is not in order.</exception>
    internal static SeccompFilter Compile(OciSeccomp seccomp)
    {
        if (_filter is not null && ReferenceEquals(seccomp, _section))
        {
            return _filter;
        }

        var profile = JsonSerializer.SerializeToUtf8Bytes(seccomp, OciRuntimeJson.Default.OciSeccomp);
        if (_filter is null || !profile.AsSpan().SequenceEqual(_profile))
        {
            _filter = SeccompMapping.Compile(seccomp);
            _profile = profile;
        }

        _section = seccomp;
        return _filter;
    }
}
