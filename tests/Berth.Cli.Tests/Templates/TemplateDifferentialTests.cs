using System.Diagnostics;
using Berth.Cli.Templates;

namespace Berth.Cli.Tests.Templates;

/// <summary>The same templates through the docker command line; its list of contexts needs no daemon.</summary>
public sealed class TemplateDifferentialTests
{
    [Theory]
    [InlineData("{{printf \"%5d|%-5s|%05d|%x|%X|%o|%b|%q|%v|%6.2f|%e|%g|%c|%+d|%U|%t\" 42 \"a\" -7 255 255 8 5 \"s\" 1.5 3.14159 1234.5 1e21 65 3 955 true}}")]
    [InlineData("{{printf \"%d %s %z %v\" \"a\" 1 2}}{{printf \"%!\"}}{{printf \"%d\" 1 2}}{{printf \"%*d\" 5 42}}")]
    [InlineData("{{range $i, $x := split \"a,b,c\" \",\"}}{{$i}}{{$x}} {{end}}{{join (split \"a b\" \" \") \"-\"}}")]
    [InlineData("{{range split \"a,b,c\" \",\"}}{{if eq . \"b\"}}{{continue}}{{end}}{{.}}{{else}}none{{end}}")]
    [InlineData("{{title \"hello wORLD it's\"}}{{upper \"aé\"}}{{lower \"AÉ\"}}{{pad \"x\" 2 3}}|{{truncate \"abcdef\" 3}}")]
    [InlineData("{{html \"<a href='x'>&\\\"\"}}{{js \"it's <b> \\\"q\\\" = &\"}}{{urlquery \"a b&c=d/é\"}}")]
    [InlineData("{{json \"<a>&\"}}{{json 1}}{{json true}}{{json (split \"a,b\" \",\")}}")]
    [InlineData("{{print 1 2 \"a\" \"b\" 3 true nil}}{{println 1 \"a\" 2}}")]
    [InlineData("{{eq 1 2 1}}{{ne \"a\" \"b\"}}{{lt 1 2}}{{le 2 2}}{{gt 1.5 1.0}}{{ge \"b\" \"a\"}}")]
    [InlineData("{{and 1 0 2}}{{or 0 \"\" 3}}{{not 0}}{{len \"héllo\"}}{{index (split \"a,b\" \",\") 1}}{{slice \"abcdef\" 1 3}}")]
    [InlineData("{{$x := 1}}{{if $x}}{{$x = 2}}{{end}}{{$x}}{{with $y := \"v\"}}{{$y}}{{.}}{{end}}")]
    [InlineData("{{define \"t\"}}<{{.}}>{{end}}{{template \"t\" \"x\"}}{{block \"b\" 5}}({{.}}){{end}}")]
    [InlineData("a {{- \" b \" -}} c {{/* no */ -}} d")]
    [InlineData("{{0x1F}} {{1e3}} {{'a'}} {{`raw`}} {{-5}} {{1_000}} {{0b11}}")]
    [InlineData("{{1 | printf \"%d-%d\" 2 | upper}}")]
    [InlineData("{{index (split \"a\" \",\") 5}}")]
    [InlineData("{{lt 1 \"a\"}}")]
    [InlineData("{{eq 1}}")]
    [InlineData("{{upper \"a\" \"b\"}}")]
    [InlineData("{{template \"x\"}}")]
    [InlineData("{{foo}}")]
    [InlineData("{{if 1}}")]
    [InlineData("{{end}}")]
    [InlineData("{{$x}}")]
    [InlineData("{{\"a}}")]
    [InlineData("{{(1}}")]
    [InlineData("{{1)}}")]
    [InlineData("{{")]
    [InlineData("{{}}")]
    [InlineData("{{1 2}}")]
    [InlineData("{{break}}")]
    [InlineData("{{1 | 2}}")]
    [InlineData("{{if}}x{{end}}")]
    [InlineData("{{upper \"a\" | }}")]
    [InlineData("{{else}}")]
    [InlineData("{{range}}x{{end}}")]
    public async Task A_template_does_what_it_does_for_Docker(string template)
    {
        Assert.SkipUnless(FindDocker(), "the docker command line 28 is not installed");
        var start = new ProcessStartInfo("docker") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("context");
        start.ArgumentList.Add("ls");
        start.ArgumentList.Add("--format");
        start.ArgumentList.Add(template);
        start.Environment["DOCKER_CONFIG"] = "/nonexistent";
        start.Environment.Remove("DOCKER_HOST");
        start.Environment.Remove("DOCKER_CONTEXT");
        using var docker = Process.Start(start)!;
        var output = docker.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = docker.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await docker.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((await output) + (await errors), Ours(template));
    }

    private static string Ours(string template)
    {
        try
        {
            return Template.Parse(template).Execute(new OneRow().ToValue()) + "\n";
        }
        catch (TemplateException failure)
        {
            return $"template parsing error: {failure.Message}\n";
        }
    }

    private static bool FindDocker()
    {
        try
        {
            using var docker = Process.Start(new ProcessStartInfo("docker", "--version") { RedirectStandardOutput = true })!;
            return docker.StandardOutput.ReadToEnd().StartsWith("Docker version 28.", StringComparison.Ordinal);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private sealed class OneRow : Formatting.Row
    {
        public override string TypeName => "*context.clientContextContext";

        public override IReadOnlyList<(string Field, string Title)> Columns => [("Name", "NAME")];

        public override string Value(string field) => "default";
    }
}
