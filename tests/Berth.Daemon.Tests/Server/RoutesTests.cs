using Berth.Daemon.Server;

namespace Berth.Daemon.Tests.Server;

public sealed class RoutesTests
{
    [Theory]
    [InlineData("/containers/json", "list")]
    [InlineData("/containers/abc/json", "inspect abc")]
    [InlineData("/containers/json/json", "inspect json")]
    [InlineData("/images/busybox/json", "image busybox")]
    [InlineData("/images/host:5000/a/b:tag/json", "image host:5000/a/b:tag")]
    [InlineData("/images/a/json/json", "image a/json")]
    [InlineData("/images/json", "images")]
    public void The_first_route_that_matches_wins(string path, string expected) => Assert.Equal(expected, Find("GET", path));

    [Theory]
    [InlineData("GET", "/nosuch")]
    [InlineData("GET", "/containers")]
    [InlineData("GET", "/containers/json/")]
    [InlineData("GET", "/containers//json")]
    [InlineData("GET", "/containers/a/b/json")]
    [InlineData("POST", "/containers/json")]
    [InlineData("GET", "/")]
    [InlineData("GET", "")]
    public void Other_paths_and_methods_have_none(string method, string path) => Assert.Null(Find(method, path));

    private static string? Find(string method, string path)
    {
        var found = "";
        var routes = new Routes();
        routes.Get("/containers/json", Note("list"));
        routes.Get("/containers/{name}/json", Note("inspect"));
        routes.Get("/images/json", Note("images"));
        routes.Get("/images/{name...}/json", Note("image"));
        if (routes.Find(method, path) is not { } route)
        {
            return null;
        }

        route.Endpoint(null!);
        return found is "list" or "images" ? found : $"{found} {route.Values["name"]}";

        Endpoint Note(string which) => _ =>
        {
            found = which;
            return Task.CompletedTask;
        };
    }
}
