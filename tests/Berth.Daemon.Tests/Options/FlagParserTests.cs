using Berth.Daemon.Options;

namespace Berth.Daemon.Tests.Options;

public sealed class FlagParserTests
{
    [Theory]
    [InlineData("--data-root", "/x")]
    [InlineData("--data-root=/x")]
    public void A_value_follows_its_name_or_an_equals_sign(params string[] arguments) =>
        Assert.Equal("/x", FlagParser.Parse(arguments).Text("data-root"));

    [Theory]
    [InlineData("-l", "warn")]
    [InlineData("-lwarn")]
    [InlineData("-l=warn")]
    [InlineData("-Dlwarn")]
    public void A_letter_takes_its_value_in_any_of_pflags_forms(params string[] arguments) =>
        Assert.Equal("warn", FlagParser.Parse(arguments).Text("log-level"));

    [Theory]
    [InlineData(true, "-D")]
    [InlineData(true, "--debug")]
    [InlineData(true, "--debug=1")]
    [InlineData(false, "--debug=false")]
    [InlineData(false, "-D=F")]
    public void A_flag_is_true_unless_it_says_otherwise(bool expected, params string[] arguments) =>
        Assert.Equal(expected, FlagParser.Parse(arguments).Flag("debug"));

    [Fact]
    public void Lists_grow_and_texts_are_replaced()
    {
        var values = FlagParser.Parse(["-H", "unix:///a", "--host=fd://", "--bip", "172.30.0.1/16", "--bip", "172.31.0.1/16"]);

        Assert.Equal(["unix:///a", "fd://"], values.List("host"));
        Assert.Equal("172.31.0.1/16", values.Text("bip"));
    }

    [Theory]
    [InlineData("unknown flag: --foo", "--foo")]
    [InlineData("unknown shorthand flag: 'x' in -Dx", "-Dx")]
    [InlineData("flag needs an argument: --data-root", "--data-root")]
    [InlineData("flag needs an argument: 'l' in -l", "-l")]
    [InlineData("\"berthd\" accepts no argument(s).", "foo")]
    [InlineData("invalid argument \"x\" for \"--mtu\" flag: strconv.ParseInt: parsing \"x\": invalid syntax", "--mtu", "x")]
    [InlineData("invalid argument \"x\" for \"-D, --debug\" flag: strconv.ParseBool: parsing \"x\": invalid syntax", "--debug=x")]
    [InlineData("invalid argument \"x\" for \"--dns\" flag: x is not an ip address", "--dns", "x")]
    [InlineData("invalid argument \"x\" for \"--label\" flag: bad attribute format: x", "--label", "x")]
    [InlineData("invalid argument \"x\" for \"--default-ulimit\" flag: invalid ulimit argument: x", "--default-ulimit", "x")]
    [InlineData("invalid argument \"foo://x\" for \"-H, --host\" flag: Invalid bind address format: foo://x", "-H", "foo://x")]
    public void Mistakes_are_named_as_dockerd_names_them(string expected, params string[] arguments)
    {
        var error = Assert.Throws<OptionException>(() => FlagParser.Parse(arguments));

        Assert.Equal(expected + "\nSee 'berthd --help'.", error.Message);
    }

    [Fact]
    public void The_help_page_has_a_line_for_every_flag_and_none_longer_than_a_terminal()
    {
        var lines = HelpPage.Text().Split('\n');

        Assert.All(DaemonOptionTable.All.Where(o => o.InFlags), o => Assert.Contains(lines, l => l.Contains($"--{o.Name}")));
        Assert.All(lines, l => Assert.True(l.Length <= 80, l));
    }
}
