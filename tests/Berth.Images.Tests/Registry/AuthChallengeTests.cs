using Berth.Images.Registry;

namespace Berth.Images.Tests.Registry;

public sealed class AuthChallengeTests
{
    [Fact]
    public void A_bearer_challenge_has_its_parameters()
    {
        var challenge = AuthChallenge.Choose(["Bearer realm=\"https://auth.example/token\",service=\"registry, the\\\"one\\\"\" , scope=\"repository:a:pull,push\""]);
        Assert.Equal("bearer", challenge!.Scheme);
        Assert.Equal("https://auth.example/token", challenge.Parameter("realm"));
        Assert.Equal("registry, the\"one\"", challenge.Parameter("service"));
        Assert.Equal("repository:a:pull,push", challenge.Parameter("scope"));
    }

    [Fact]
    public void Of_several_the_token_is_preferred() =>
        Assert.Equal("bearer", AuthChallenge.Choose(["Basic realm=here, Negotiate", "Bearer realm=\"https://x/\""])!.Scheme);

    [Theory]
    [InlineData("Basic")]
    [InlineData("basic realm=\"r\"")]
    [InlineData("Negotiate, Basic realm=r")]
    public void Basic_is_found(string header) => Assert.Equal("basic", AuthChallenge.Choose([header])!.Scheme);

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer realm=\"https://unended")]
    [InlineData("=,=,\"")]
    [InlineData("Negotiate")]
    public void What_cannot_be_answered_is_no_challenge(string header) => Assert.Null(AuthChallenge.Choose([header]));
}
