using Berth.Oci.Runtime;

namespace Berth.Monitor.Tests;

public sealed class MessageFrameTests
{
    public static TheoryData<MonitorRequest> Requests =>
    [
        .. Enum.GetValues<MonitorAction>().Select(a => new MonitorRequest { Action = a }),
        new MonitorRequest { Action = MonitorAction.Create, Plan = new ContainerPlan { Id = "i", Bundle = "/b", StateDirectory = "/s", RuntimeRoot = "/r", Log = new LogPlan { Path = "/l" } } },
        new MonitorRequest { Action = MonitorAction.Exec, Exec = new ExecRequest { Id = "e", Process = new OciProcess { Args = ["a", "\"é\n"] } } },
        new MonitorRequest { Action = MonitorAction.Signal, Signal = 0 },
        new MonitorRequest { Action = MonitorAction.Resize, Size = new TerminalSize(0, 80), ExecId = "e" },
    ];

    public static TheoryData<MonitorReply> Replies =>
    [
        .. Enum.GetValues<MonitorEvent>().Select(e => new MonitorReply { Event = e }),
        new MonitorReply { Event = MonitorEvent.Exited, Exit = new ExitRecord { ExitCode = 0, FinishedAt = DateTimeOffset.UnixEpoch } },
        new MonitorReply { Event = MonitorEvent.Failed, Failure = new StartFailure { Step = "exec", Message = "m", ExitCode = 0 } },
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_is_read_as_it_was_written(MonitorRequest request)
    {
        var frame = MessageFrame.Of(request);
        Assert.True(FrameHeader.TryRead(frame, out var header));
        Assert.Equal(new FrameHeader(FrameKind.Message, frame.Length - FrameHeader.Size), header);
        Assert.Equal(frame, MessageFrame.Of(MessageFrame.ReadRequest(frame.AsSpan(FrameHeader.Size))));
    }

    [Theory]
    [MemberData(nameof(Replies))]
    public void A_reply_is_read_as_it_was_written(MonitorReply reply) =>
        Assert.Equal(reply, MessageFrame.ReadReply(MessageFrame.Of(reply).AsSpan(FrameHeader.Size)));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"action\":\"Dance\"}")]
    public void What_is_no_message_is_refused(string text) =>
        Assert.Throws<InvalidDataException>(() => MessageFrame.ReadRequest(System.Text.Encoding.UTF8.GetBytes(text)));
}
