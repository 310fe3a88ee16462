namespace Berth.Engine.Tests;

public sealed class FiltersTests
{
    [Theory]
    [InlineData("""{"label": ["a", "b=c"], "status": ["exited"]}""")]
    [InlineData("""{"label": {"a": true, "b=c": true, "no": false}, "status": {"exited": true}}""")]
    public void Both_forms_are_read(string json)
    {
        var filters = Filters.Parse(json);

        Assert.Equal(["a", "b=c"], filters.Get("label"));
        Assert.Equal(["exited"], filters.Get("status"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{}")]
    public void Nothing_filters_nothing(string? json)
    {
        var filters = Filters.Parse(json);

        Assert.True(filters.IsEmpty);
        Assert.True(filters.Matches("name", "anything"));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("""{"a": "b"}""")]
    [InlineData("""{"a": [1]}""")]
    [InlineData("""{"a": {"b": 1}}""")]
    [InlineData("""{"a": [], "a": []}""")]
    public void Anything_else_is_a_bad_request(string json)
    {
        var error = Assert.Throws<EngineException>(() => Filters.Parse(json));

        Assert.Equal((ErrorKind.InvalidParameter, "invalid filter"), (error.Kind, error.Message));
    }

    [Fact]
    public void A_name_that_is_not_accepted_is_refused()
    {
        var error = Assert.Throws<EngineException>(() => Filters.Parse("""{"foo": ["1"]}""").Validate("bar"));

        Assert.Equal("invalid filter 'foo'", error.Message);
    }

    [Theory]
    [InlineData("""["a"]""", true)]
    [InlineData("""["a=1"]""", true)]
    [InlineData("""["a", "b"]""", true)]
    [InlineData("""["a=2"]""", false)]
    [InlineData("""["a", "c"]""", false)]
    public void Labels_must_all_match(string wanted, bool expected)
    {
        var filters = Filters.Parse($$"""{"label": {{wanted}}}""");

        Assert.Equal(expected, filters.MatchesLabels("label", new Dictionary<string, string> { ["a"] = "1", ["b"] = "" }));
    }

    [Theory]
    [InlineData("""["true"]""", true)]
    [InlineData("""["1"]""", true)]
    [InlineData("""["false"]""", false)]
    [InlineData("""["0"]""", false)]
    public void A_truth_has_two_spellings(string values, bool expected) =>
        Assert.Equal(expected, Filters.Parse($$"""{"dangling": {{values}}}""").GetBoolean("dangling"));

    [Theory]
    [InlineData("""["yes"]""", "yes")]
    [InlineData("""["true", "false"]""", "true false")]
    public void What_is_neither_true_nor_false_is_refused(string values, string shown) =>
        Assert.Equal(
            $"invalid filter 'dangling=[{shown}]'",
            Assert.Throws<EngineException>(() => Filters.Parse($$"""{"dangling": {{values}}}""").GetBoolean("dangling")).Message);
}
