using System.Text;
using Berth.Linux.Descriptors;
using Berth.Linux.Terminals;

namespace Berth.Linux.Tests.Terminals;

public sealed class PseudoTerminalTests
{
    [Fact]
    public void The_size_that_the_master_sets_is_the_slaves()
    {
        using var terminal = PseudoTerminal.Open("/dev/ptmx");
        Terminal.SetSize(terminal.Master, 33, 111);
        Assert.Equal((33, 111), Terminal.GetSize(terminal.Slave));
    }

    [Fact]
    public void A_raw_terminal_passes_newlines_on_until_its_modes_are_restored()
    {
        using var terminal = PseudoTerminal.Open("/dev/ptmx");
        Assert.Equal("a\r\n", Print(terminal, "a\n"));
        var modes = Terminal.SetRaw(terminal.Slave);
        Assert.Equal("b\n", Print(terminal, "b\n"));
        modes.Restore(terminal.Slave);
        Assert.Equal("c\r\n", Print(terminal, "c\n"));
        Terminal.SetOutputNewlines(terminal.Slave, translated: false);
        Assert.Equal("d\n", Print(terminal, "d\n"));
    }

    [Fact]
    public void A_master_whose_slave_is_closed_is_at_its_end()
    {
        using var terminal = PseudoTerminal.Open("/dev/ptmx");
        terminal.Slave.Dispose();
        Assert.Equal(Transfer.Closed, DescriptorStream.Read(terminal.Master, new byte[10], out _));
    }

    private static string Print(PseudoTerminal terminal, string text)
    {
        Assert.Equal(Transfer.Done, DescriptorStream.Write(terminal.Slave, Encoding.UTF8.GetBytes(text), out _));
        var buffer = new byte[100];
        Assert.Equal(Transfer.Done, DescriptorStream.Read(terminal.Master, buffer, out var count));
        return Encoding.UTF8.GetString(buffer, 0, count);
    }
}
