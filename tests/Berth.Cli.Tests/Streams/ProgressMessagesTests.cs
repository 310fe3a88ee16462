using System.Text;
using Berth.Cli.Streams;

namespace Berth.Cli.Tests.Streams;

/// <summary>What is expected here is what docker 28 prints for the same messages.</summary>
public sealed class ProgressMessagesTests
{
    private const string Up1 = "\u001b[1A\u001b[2K\r";
    private const string Up2 = "\u001b[2A\u001b[2K\r";
    private const string Down1 = "\r\u001b[1B";
    private const string Down2 = "\r\u001b[2B";

    private const string Pull =
        """
        {"status":"Pulling from library/x","id":"v1"}
        {"status":"Pulling fs layer","progressDetail":{},"id":"aaaa"}
        {"status":"Pulling fs layer","progressDetail":{},"id":"bbbb"}
        {"status":"Downloading","progressDetail":{"current":512,"total":4097152},"id":"aaaa"}
        {"status":"Extracting","progressDetail":{"current":2059999,"total":4097152},"id":"bbbb"}
        {"status":"Extracting","progressDetail":{"current":4097152,"total":4097152},"id":"aaaa"}
        {"status":"Pull complete","progressDetail":{},"id":"aaaa"}
        {"status":"Digest: sha256:x"}
        {"status":"Pulling from library/x","id":"v2"}
        {"status":"Already exists","progressDetail":{},"id":"aaaa"}
        {"status":"Importing","progressDetail":{"current":5000000}}
        {"stream":"words\n"}
        {"progressDetail":{},"aux":{"Tag":"v1"}}
        """;

    [Fact]
    public void On_a_wide_terminal_each_part_has_a_line_with_a_bar() => Assert.Equal(
        "v1: Pulling from library/x\n"
        + $"\n{Up1}aaaa: Pulling fs layer {Down1}"
        + $"\n{Up1}bbbb: Pulling fs layer {Down1}"
        + $"{Up2}aaaa: Downloading [>                                                  ]     512B/4.097MB{Down2}"
        + $"{Up1}bbbb: Extracting [=========================>                         ]   2.06MB/4.097MB{Down1}"
        + $"{Up2}aaaa: Extracting [==================================================>]  4.097MB/4.097MB{Down2}"
        + $"{Up2}aaaa: Pull complete {Down2}"
        + "Digest: sha256:x\n"
        + "v2: Pulling from library/x\n"
        + $"\n{Up1}aaaa: Already exists {Down1}"
        + "\u001b[2K\rImporting      5MB\r"
        + "words\n",
        Print(() => 140));

    [Fact]
    public void On_a_narrow_terminal_the_numbers_must_do()
    {
        var screen = Print(() => 110);
        Assert.Contains($"{Up2}aaaa: Downloading     512B/4.097MB{Down2}", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("[=", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void Elsewhere_only_changes_of_state_are_told() => Assert.Equal(
        """
        v1: Pulling from library/x
        aaaa: Pulling fs layer
        bbbb: Pulling fs layer
        aaaa: Pull complete
        Digest: sha256:x
        v2: Pulling from library/x
        aaaa: Already exists
        words

        """,
        Print(null));

    private static string Print(Func<int>? columns)
    {
        var shown = new MemoryStream();
        new ProgressMessages(new OutputWriter(shown), columns).Print(new MemoryStream(Encoding.UTF8.GetBytes(Pull)));
        return Encoding.UTF8.GetString(shown.ToArray());
    }
}
