using Berth.Engine.Events;

namespace Berth.Engine.Tests.Events;

public sealed class EventServiceTests
{
    private readonly EventService _events = new(TimeProvider.System);

    [Fact]
    public async Task A_reader_gets_the_past_it_asked_for_and_what_follows()
    {
        _events.Publish("container", "create", "a");
        var reader = _events.Subscribe(DateTimeOffset.MinValue, TestContext.Current.CancellationToken);
        _events.Publish("container", "start", "a");

        Assert.Equal(["create", "start"], await TakeAsync(reader, 2));
    }

    [Fact]
    public async Task A_reader_without_a_past_gets_what_was_published_before_it_began_to_read()
    {
        _events.Publish("container", "create", "a");
        var reader = _events.Subscribe(since: null, TestContext.Current.CancellationToken);
        _events.Publish("container", "start", "a");

        Assert.Equal(["start"], await TakeAsync(reader, 1));
    }

    [Fact]
    public async Task A_reader_is_given_up_when_it_ends_or_never_reads()
    {
        using var gone = new CancellationTokenSource();
        var read = _events.Subscribe(DateTimeOffset.MinValue, TestContext.Current.CancellationToken);
        _ = _events.Subscribe(null, gone.Token);
        _events.Publish("container", "create", "a");
        Assert.Equal(2, _events.ReaderCount);

        await TakeAsync(read, 1);
        await gone.CancelAsync();

        Assert.Equal(0, _events.ReaderCount);
    }

    [Fact]
    public async Task A_reader_that_falls_far_behind_is_cut_off_after_what_it_holds()
    {
        var reader = _events.Subscribe(null, TestContext.Current.CancellationToken);
        for (var i = 0; i < 10_000; i++)
        {
            _events.Publish("container", $"{i}", "a");
        }

        var got = await TakeAsync(reader, int.MaxValue);

        Assert.Equal(Enumerable.Range(0, 8192).Select(i => $"{i}"), got);
    }

    [Fact]
    public void The_past_has_an_end()
    {
        for (var i = 0; i < 2000; i++)
        {
            _events.Publish("container", $"{i}", "a");
        }

        var past = _events.Past(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

        Assert.Equal(1024, past.Count);
        Assert.Equal("1999", past[^1].Action);
    }

    private static async Task<List<string>> TakeAsync(IAsyncEnumerable<EngineEvent> reader, int count)
    {
        var actions = new List<string>();
        await foreach (var e in reader)
        {
            actions.Add(e.Action);
            if (actions.Count == count)
            {
                break;
            }
        }

        return actions;
    }
}
