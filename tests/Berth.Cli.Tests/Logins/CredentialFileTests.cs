using Berth.Api.Registry;
using Berth.Cli.Logins;

namespace Berth.Cli.Tests.Logins;

public sealed class CredentialFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("berth-config-").FullName;

    private string Content => File.ReadAllText(Path.Combine(_folder, "config.json"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_stored_is_found_and_can_be_erased()
    {
        var auth = new AuthConfig { Username = "me", Password = "p:w", ServerAddress = "r:5000" };
        Assert.True(CredentialFile.Open(_folder).Store("r:5000", auth));
        Assert.Equal(auth with { IdentityToken = null }, CredentialFile.Open(_folder).Get("r:5000"));
        Assert.Equal("{\n\t\"auths\": {\n\t\t\"r:5000\": {\n\t\t\t\"auth\": \"bWU6cDp3\"\n\t\t}\n\t}\n}", Content);
        CredentialFile.Open(_folder).Erase("r:5000");
        CredentialFile.Open(_folder).Erase("r:5000");
        Assert.Null(CredentialFile.Open(_folder).Get("r:5000"));
    }

    [Fact]
    public void A_token_stands_in_for_the_password()
    {
        CredentialFile.Open(_folder).Store("r", new AuthConfig { Username = "me", IdentityToken = "t" });
        var found = CredentialFile.Open(_folder).Get("r")!;
        Assert.Equal(("me", "", "t"), (found.Username, found.Password, found.IdentityToken));
    }

    [Fact]
    public void Old_files_name_servers_by_their_URL_and_keep_what_else_they_say()
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), """{"auths":{"https://r.example/v1/":{"auth":"bWU6cHc="}},"psFormat":"x"}""");
        Assert.Equal("pw", CredentialFile.Open(_folder).Get("r.example")!.Password);
        CredentialFile.Open(_folder).Store("other", new AuthConfig { Username = "u", Password = "p" });
        Assert.Contains("psFormat", Content, StringComparison.Ordinal);
        Assert.Contains("r.example", Content, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_file_is_not_overwritten()
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), "[");
        Assert.Throws<CommandException>(() => CredentialFile.Open(_folder));
    }

    [Theory]
    [InlineData("busybox", RegistryServer.Hub)]
    [InlineData("team/app", RegistryServer.Hub)]
    [InlineData("localhost/app", "localhost")]
    [InlineData("r.example:5000/team/app", "r.example:5000")]
    [InlineData("docker.io/team/app", RegistryServer.Hub)]
    public void An_images_registry_has_a_name_in_the_file(string repository, string server) => Assert.Equal(server, RegistryServer.OfImage(repository));
}
