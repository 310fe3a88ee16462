using System.Text;
using Berth.Linux;
using Berth.Linux.Descriptors;

namespace Berth.Runtime.Commands;

/// <summary>Writes to the standard streams directly: Console would cost a millisecond and a thread, and this process must have no second one.</summary>
internal static class StandardOutput
{
    /// <summary>The three descriptors of this process, to be handed on; nobody closes them.</summary>
    internal static FileDescriptor Stream(int number) => new(number);

    internal static void Write(string text) => Write(1, Encoding.UTF8.GetBytes(text));

    internal static void Write(ReadOnlySpan<byte> text) => Write(1, text);

    internal static void WriteError(string text) => Write(2, Encoding.UTF8.GetBytes(text));

    private static void Write(int number, ReadOnlySpan<byte> bytes)
    {
        var stream = new FileDescriptor(number);
        try
        {
            while (!bytes.IsEmpty && DescriptorStream.Write(stream, bytes, out var count) is Transfer.Done)
            {
                bytes = bytes[count..];
            }
        }
        catch (LinuxException)
        {
            // A closed or full stream cannot be told of anywhere else.
        }
        finally
        {
            stream.SetHandleAsInvalid();
        }
    }
}
