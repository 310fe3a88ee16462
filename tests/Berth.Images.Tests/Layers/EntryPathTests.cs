using System.Text;
using Berth.Archives;
using Berth.Archives.Trees;

namespace Berth.Images.Tests.Layers;

public sealed class EntryPathTests
{
    [Theory]
    [InlineData("a", "", "a")]
    [InlineData("./a/b/", "a", "b")]
    [InlineData("/a//b/./c", "a/b", "c")]
    [InlineData("a/../b", "", "b")]
    [InlineData("a/b/../../c/d", "c", "d")]
    [InlineData("./", "", "")]
    [InlineData("a/..", "", "")]
    [InlineData("..a/b..", "..a", "b..")]
    public void A_name_is_cleaned(string text, string directory, string name)
    {
        var path = EntryPath.Parse(Encoding.UTF8.GetBytes(text));
        Assert.Equal(directory, Encoding.UTF8.GetString(path.Directory));
        Assert.Equal(name, Encoding.UTF8.GetString(path.Name));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../a")]
    [InlineData("/../a")]
    [InlineData("a/../../b")]
    public void A_name_that_climbs_out_is_refused(string text) =>
        Assert.Throws<ArchiveException>(() => EntryPath.Parse(Encoding.UTF8.GetBytes(text)));
}
