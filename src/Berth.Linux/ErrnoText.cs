using System.Globalization;
using System.Runtime.InteropServices;

namespace Berth.Linux;

/// <summary>The C library's sentence for an error number, as people know it from every other program.</summary>
public static class ErrnoText
{
    public static string Of(Errno errno) =>
        Enum.IsDefined(errno)
            ? Marshal.GetPInvokeErrorMessage((int)errno)
            : string.Create(CultureInfo.InvariantCulture, $"error {(int)errno}");
}
