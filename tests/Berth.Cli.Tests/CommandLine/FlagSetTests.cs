using Berth.Cli.CommandLine;

namespace Berth.Cli.Tests.CommandLine;

public sealed class FlagSetTests
{
    private readonly FlagSet _flags = new();
    private readonly Flag<bool> _interactive;
    private readonly Flag<bool> _tty;
    private readonly Flag<bool> _remove;
    private readonly Flag<string> _name;
    private readonly Flag<long> _timeout;
    private readonly ListFlag<string> _env;

    public FlagSetTests()
    {
        _interactive = _flags.Bool("interactive", 'i', "");
        _tty = _flags.Bool("tty", 't', "");
        _remove = _flags.Bool("rm", null, "");
        _name = _flags.String("name", 'n', "");
        _timeout = _flags.Int("timeout", 'o', "");
        _env = _flags.List("env", 'e', "");
    }

    [Fact]
    public void Shorthands_are_bundled_and_the_last_may_take_a_value()
    {
        Assert.Empty(_flags.Parse(["-itn", "a", "-eA=1", "-e=B=2"]));
        Assert.True(_interactive.Value && _tty.Value);
        Assert.Equal("a", _name.Value);
        Assert.Equal(["A=1", "B=2"], _env.Values);
    }

    [Fact]
    public void A_long_flag_takes_its_value_with_or_without_an_equals_sign()
    {
        Assert.Equal(["x"], _flags.Parse(["--name", "a", "x", "--env=B=2", "--rm=false"]));
        Assert.Equal("a", _name.Value);
        Assert.Equal(["B=2"], _env.Values);
        Assert.True(_remove.IsSet);
        Assert.False(_remove.Value);
    }

    [Fact]
    public void A_value_may_look_like_a_flag()
    {
        _flags.Parse(["--name", "--rm", "-e", "-t"]);
        Assert.Equal("--rm", _name.Value);
        Assert.Equal(["-t"], _env.Values);
        Assert.False(_remove.IsSet || _tty.IsSet);
    }

    [Fact]
    public void Everything_after_the_image_belongs_to_the_command_where_flags_are_not_interspersed()
    {
        _flags.Interspersed = false;
        Assert.Equal(["busybox", "ls", "-l", "--name", "x"], _flags.Parse(["-i", "busybox", "ls", "-l", "--name", "x"]));
        Assert.False(_name.IsSet);
    }

    [Fact]
    public void Two_dashes_end_the_flags() => Assert.Equal(["-i", "x"], _flags.Parse(["--", "-i", "x"]));

    [Fact]
    public void A_dash_alone_is_an_argument() => Assert.Equal(["-"], _flags.Parse(["-", "-i"]));

    [Theory]
    [InlineData("unknown flag: --foo", "--foo")]
    [InlineData("unknown flag: --foo", "--foo=1")]
    [InlineData("unknown shorthand flag: 'x' in -x", "-itx")]
    [InlineData("unknown shorthand flag: 'x' in -xi", "-xi")]
    [InlineData("flag needs an argument: --name", "--name")]
    [InlineData("flag needs an argument: 'n' in -n", "-in")]
    [InlineData("bad flag syntax: --=", "--=")]
    [InlineData("bad flag syntax: ---x", "---x")]
    [InlineData("invalid argument \"x\" for \"--rm\" flag: strconv.ParseBool: parsing \"x\": invalid syntax", "--rm=x")]
    [InlineData("invalid argument \"x\" for \"-o, --timeout\" flag: strconv.ParseInt: parsing \"x\": invalid syntax", "-o", "x")]
    [InlineData("invalid argument \"9223372036854775808\" for \"-o, --timeout\" flag: strconv.ParseInt: parsing \"9223372036854775808\": value out of range", "-o", "9223372036854775808")]
    public void A_line_that_is_wrong_is_refused_in_Dockers_words(string message, params string[] line) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => _flags.Parse(line)).Message);

    [Theory]
    [InlineData("0x10", 16)]
    [InlineData("-0b11", -3)]
    [InlineData("010", 8)]
    [InlineData("1_000", 1000)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Numbers_have_Gos_prefixes(string text, long value)
    {
        _flags.Parse(["--timeout", text]);
        Assert.Equal(value, _timeout.Value);
    }

    [Fact]
    public void Help_ends_the_parsing()
    {
        _flags.Parse(["--help", "--nonsense"]);
        Assert.True(_flags.HelpRequested);
    }

    [Fact]
    public void The_shorthand_of_help_is_deprecated()
    {
        _flags.Parse(["-h"]);
        Assert.True(_flags.HelpRequested);
        Assert.Equal(["Flag shorthand -h has been deprecated, use --help"], _flags.Warnings);
    }

    [Fact]
    public void An_alias_sets_its_flag()
    {
        _flags.Alias("time", _timeout);
        _flags.Parse(["--time", "5"]);
        Assert.Equal(5, _timeout.Value);
        Assert.Empty(_flags.Warnings);
    }
}
