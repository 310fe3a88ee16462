using System.Buffers.Text;
using System.Text;

namespace Berth.Linux.Seccomp;

/// <summary>The numbers of the kernel's system calls by name, on the architectures that a filter can be made for.</summary>
internal static partial class SyscallTable
{
    private const int None = -1;

    // By name, the numbers in the order of SeccompArchitecture.
    private static readonly Dictionary<string, int[]> _numbers = Read();

    internal static IEnumerable<string> Names => _numbers.Keys;

    /// <returns>Null where the architecture has no such call, or the name is unknown.</returns>
    internal static uint? Find(string name, SeccompArchitecture architecture) =>
        _numbers.TryGetValue(name, out var numbers) && numbers[(int)architecture] is >= 0 and var number ? (uint)number : null;

    private static Dictionary<string, int[]> Read()
    {
        var table = new Dictionary<string, int[]>(512);
        var rest = Data;
        while (rest.Length > 0)
        {
            var name = Encoding.UTF8.GetString(Next(ref rest));
            var numbers = new int[4];
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = Utf8Parser.TryParse(Next(ref rest), out int number, out _) ? number : None;
            }

            table.Add(name, numbers);
        }

        return table;
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOfAny((byte)' ', (byte)'\n');
        var word = end < 0 ? rest : rest[..end];
        rest = end < 0 ? [] : rest[(end + 1)..];
        return word;
    }
}
