using System.Buffers.Binary;

namespace Berth.Linux.Tests.Seccomp;

/// <summary>Runs a filter as the kernel does (net/core/filter.c), so that a test can ask for the verdict on any call.</summary>
internal static class FilterMachine
{
    internal static uint Run(ReadOnlySpan<byte> program, uint architecture, uint number, params ulong[] arguments)
    {
        Span<byte> data = stackalloc byte[64];
        data.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(data, number);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], architecture);
        for (var i = 0; i < arguments.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(data[(16 + (i * 8))..], arguments[i]);
        }

        var accumulator = 0u;
        for (var at = 0; ; at++)
        {
            var instruction = program[(at * 8)..];
            var (code, then, otherwise) = (BinaryPrimitives.ReadUInt16LittleEndian(instruction), instruction[2], instruction[3]);
            var value = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            switch (code)
            {
                case 0x20:
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)value..]);
                    break;
                case 0x54:
                    accumulator &= value;
                    break;
                case 0x05:
                    at += (int)value;
                    break;
                case 0x15:
                    at += accumulator == value ? then : otherwise;
                    break;
                case 0x25:
                    at += accumulator > value ? then : otherwise;
                    break;
                case 0x35:
                    at += accumulator >= value ? then : otherwise;
                    break;
                case 0x06:
                    return value;
                default:
                    throw new InvalidOperationException($"instruction {code:x}");
            }
        }
    }
}
