using Berth.Engine.Events;

namespace Berth.Engine.Tests.Events;

public sealed class EventServiceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("berth-events-").FullName;
    private readonly EventService _events;

    public EventServiceTests() => _events = Open();

    public void Dispose()
    {
        _events.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_reader_gets_the_past_it_asked_for_and_what_follows()
    {
        _events.Publish("container", "create", "a");
        var reader = _events.Subscribe(DateTimeOffset.MinValue, until: null, TestContext.Current.CancellationToken);
        _events.Publish("container", "start", "a");

        Assert.Equal(["create", "start"], await TakeAsync(reader, 2));
    }

    [Fact]
    public async Task A_reader_without_a_past_gets_what_was_published_before_it_began_to_read()
    {
        _events.Publish("container", "create", "a");
        var reader = _events.Subscribe(since: null, until: null, TestContext.Current.CancellationToken);
        _events.Publish("container", "start", "a");

        Assert.Equal(["start"], await TakeAsync(reader, 1));
    }

    [Fact]
    public async Task A_reader_that_waits_is_woken()
    {
        var taken = TakeAsync(_events.Subscribe(since: null, until: null, TestContext.Current.CancellationToken), 100);
        for (var i = 0; i < 100; i++)
        {
            await Task.Yield();
            _events.Publish("container", $"{i}", "a");
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), await taken.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.Equal(0, _events.ReaderCount);
    }

    [Fact]
    public async Task A_reader_that_falls_behind_the_whole_history_loses_nothing()
    {
        const int Count = EventHistory.Kept + 50_000;
        var reader = _events.Subscribe(null, until: null, TestContext.Current.CancellationToken);
        for (var i = 0; i < Count; i++)
        {
            _events.Publish("container", $"{i}", "a");
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), await TakeAsync(reader, Count));
        Assert.InRange(_events.Past(DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Count(), EventHistory.Kept, EventHistory.Kept + 8192);
    }

    [Fact]
    public void The_past_outlives_the_service_and_what_a_crash_cut_off_is_skipped()
    {
        _events.Publish("container", "one", "a", new Dictionary<string, string> { ["name"] = "x\ny" });
        var file = Directory.GetFiles(_directory).Single();
        File.AppendAllText(file, """{"Type":"container","Act""");

        using (var second = Open())
        {
            second.Publish("container", "two", "a");
            Assert.Equal(["one", "two"], Actions(second));
        }

        using var third = Open();
        Assert.Equal(["one", "two"], Actions(third));
        Assert.Equal("x\ny", third.Past(DateTimeOffset.MinValue, DateTimeOffset.MaxValue).First().Attributes["name"]);
        Assert.Equal([file], Directory.GetFiles(_directory));
    }

    [Fact]
    public async Task A_reader_whose_time_has_come_gets_all_that_was_published_before_it()
    {
        for (var i = 0; i < 5000; i++)
        {
            _events.Publish("container", $"{i}", "a");
        }

        // It has come before the first is read.
        var until = TimeProvider.System.GetUtcNow();
        var late = _events.Subscribe(DateTimeOffset.MinValue, until, TestContext.Current.CancellationToken);
        while (TimeProvider.System.GetUtcNow() <= until)
        {
            await Task.Yield();
        }

        _events.Publish("container", "late", "a");
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"{i}"), await TakeAsync(late, int.MaxValue));

        // It comes while nothing more is published.
        var waiting = TakeAsync(
            _events.Subscribe(since: null, TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken), int.MaxValue);
        _events.Publish("container", "in time", "a");
        Assert.Equal(["in time"], await waiting);
        Assert.Equal(0, _events.ReaderCount);
    }

    [Fact]
    public void A_time_in_a_long_history_is_found()
    {
        for (var i = 0; i < 60_000; i++)
        {
            _events.Publish("container", $"{i}", "a");
        }

        var since = TimeProvider.System.GetUtcNow();
        _events.Publish("container", "last", "a");
        Assert.Equal("last", _events.Past(since, DateTimeOffset.MaxValue).Single().Action);
    }

    private static IEnumerable<string> Actions(EventService events) =>
        events.Past(DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Select(e => e.Action);

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

    private EventService Open() => new(_directory, TimeProvider.System, new Log(TextWriter.Null, LogLevel.Error, TimeProvider.System));
}
