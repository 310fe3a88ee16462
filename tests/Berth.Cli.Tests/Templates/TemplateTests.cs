using System.Text.Json;
using Berth.Cli.Templates;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Tests.Templates;

public sealed class TemplateTests
{
    private const string Data = """
        {"Name":"web","Count":3,"Ratio":0.5,"On":true,"Off":false,"None":null,"Tags":["a","b"],"Labels":{"y":"2","x":"1"},
         "State":{"Status":"running","Code":0},"Ports":{"80/tcp":[{"HostPort":"8080"}],"81/tcp":null}}
        """;

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{.Name}}", "web")]
    [InlineData("{{.State.Status}}|{{.State.Code}}", "running|0")]
    [InlineData("{{.Tags}} {{.Labels}} {{.Ratio}} {{.On}}", "[a b] map[x:1 y:2] 0.5 true")]
    [InlineData("a {{- .Name -}} b", "awebb")]
    [InlineData("{{/* nothing */}}{{- /* at all */ -}} x", "x")]
    [InlineData("{{if .On}}yes{{else}}no{{end}}{{if .Off}}yes{{else if .None}}never{{else}}no{{end}}", "yesno")]
    [InlineData("{{range .Tags}}<{{.}}>{{else}}none{{end}}", "<a><b>")]
    [InlineData("{{range $i, $t := .Tags}}{{$i}}={{$t}};{{end}}", "0=a;1=b;")]
    [InlineData("{{range $k, $v := .Labels}}{{$k}}{{$v}}{{end}}", "x1y2")]
    [InlineData("{{range .None}}x{{else}}none{{end}}", "none")]
    [InlineData("{{range .Tags}}{{if eq . \"b\"}}{{break}}{{end}}{{.}}{{end}}", "a")]
    [InlineData("{{range .Tags}}{{if eq . \"a\"}}{{continue}}{{end}}{{.}}{{end}}", "b")]
    [InlineData("{{with .State}}{{.Status}}{{end}}{{with .None}}x{{else}}y{{end}}", "runningy")]
    [InlineData("{{$x := 1}}{{if .On}}{{$x = 2}}{{end}}{{$x}}{{$.Name}}", "2web")]
    [InlineData("{{define \"t\"}}[{{.}}]{{end}}{{template \"t\" .Name}}{{block \"b\" .Count}}({{.}}){{end}}", "[web](3)")]
    [InlineData("{{index .Labels \"x\"}}{{index .Tags 1}}{{(index (index .Ports \"80/tcp\") 0).HostPort}}", "1b8080")]
    [InlineData("{{index .Labels \"absent\" | printf \"%v\"}}|{{index .Labels \"absent\"}}|{{.Labels.absent}}|{{.Missing}}|{{.None}}", "<nil>|<no value>|<no value>|<no value>|<no value>")]
    [InlineData("{{len .Tags}}{{len .Name}}{{len .Labels}}", "232")]
    [InlineData("{{slice .Name 1 2}}{{slice .Tags 1}}", "e[b]")]
    [InlineData("{{and .On .Name}}{{or .Off .None \"z\"}}{{not .On}}", "webzfalse")]
    [InlineData("{{and .Off .Missing.Deeper}}", "false")]
    [InlineData("{{eq .Count 1.0 2.0 3.0}}{{ne .Name \"web\"}}{{lt 1 2}}{{ge 2 3}}{{le \"a\" \"a\"}}{{gt 1.5 0.5}}", "truefalsetruefalsetruetrue")]
    [InlineData("{{json .State}} {{json .Tags}} {{json .Name}} {{json .None}}", "{\"Code\":0,\"Status\":\"running\"} [\"a\",\"b\"] \"web\" null")]
    [InlineData("{{join (split \"a b\" \" \") \"-\"}}{{upper .Name}}{{lower \"ABC\"}}{{title \"a bc\"}}{{split \"x,y\" \",\"}}", "a-bWEBabcA Bc[x y]")]
    [InlineData("{{pad .Name 1 2}}|{{pad \"\" 3 3}}|{{truncate .Name 2}}|{{truncate .Name 9}}", " web  ||we|web")]
    [InlineData("{{.Name | printf \"%s-%s\" \"a\" | upper}}", "A-WEB")]
    [InlineData("{{print 1 2 \"a\" \"b\" 3}}{{println 1 \"a\"}}", "1 2ab31 a\n")]
    [InlineData("{{html \"<a href='x'>&\"}}{{js \"it's\"}}{{urlquery \"a b&c\"}}", "&lt;a href=&#39;x&#39;&gt;&amp;it\\'sa+b%26c")]
    [InlineData("{{\"q\\\"\\t\\u00e9\"}}{{`raw\\n`}}{{'a'}}", "q\"\té" + "raw\\n" + "97")]
    [InlineData("{{printf \"%5d|%-5s|%05d|%x|%q|%t|%.2f|%%|%c|%+d|%U\" 42 \"a\" 7 255 \"s\" true 1.005 65 3 955}}", "   42|a    |00007|ff|\"s\"|true|1.00|%|A|+3|U+03BB")]
    [InlineData("{{printf \"%d %s\" \"a\"}}", "%!d(string=a) %!s(MISSING)")]
    [InlineData("{{printf \"%d\" 1 2}}", "1%!(EXTRA int=2)")]
    public void A_template_prints_what_Go_prints(string template, string expected) => Assert.Equal(expected, Execute(template));

    [Theory]
    [InlineData("ab\n{{.Name.X}}", "template: :2:7: executing \"\" at <.Name.X>: can't evaluate field X in type interface {}")]
    [InlineData("{{.Name.X}}", "template: :1:7: executing \"\" at <.Name.X>: can't evaluate field X in type interface {}")]
    [InlineData("{{.None.X}}", "template: :1:7: executing \"\" at <.None.X>: nil pointer evaluating interface {}.X")]
    [InlineData("{{index .Tags 5}}", "template: :1:2: executing \"\" at <index .Tags 5>: error calling index: index out of range: 5")]
    [InlineData("{{eq .Tags .Tags}}", "template: :1:2: executing \"\" at <eq .Tags .Tags>: error calling eq: non-comparable type [a b]: []interface {}")]
    [InlineData("{{lt 1 \"a\"}}", "template: :1:2: executing \"\" at <lt 1 \"a\">: error calling lt: incompatible types for comparison")]
    [InlineData("{{template \"x\"}}", "template: :1:11: executing \"\" at <{{template \"x\"}}>: template \"x\" not defined")]
    [InlineData("{{", "template: :1: unclosed action")]
    [InlineData("{{.Name", "template: :1: unclosed action")]
    [InlineData("{{}}", "template: :1: missing value for command")]
    [InlineData("{{foo}}", "template: :1: function \"foo\" not defined")]
    [InlineData("{{if .On}}", "template: :1: unexpected EOF")]
    [InlineData("{{end}}", "template: :1: unexpected {{end}}")]
    [InlineData("{{$x}}", "template: :1: undefined variable \"$x\"")]
    [InlineData("{{\"a}}", "template: :1: unterminated quoted string")]
    [InlineData("{{(.Name}}", "template: :1: unclosed left paren")]
    [InlineData("{{.Name)}}", "template: :1: unexpected right paren")]
    [InlineData("{{break}}", "template: :1: {{break}} outside {{range}}")]
    public void A_template_that_is_wrong_is_refused_in_Gos_words(string template, string expected) =>
        Assert.Equal(expected, Assert.Throws<TemplateException>(() => Execute(template)).Message);

    [Theory]
    [InlineData("{{if .State.Health}}some{{else}}none{{end}} {{.HostConfig.Binds}} {{.HostConfig.Annotations}}", "none [] map[]")]
    [InlineData("{{.ID}} {{.HostConfig.NanoCPUs}} {{.HostConfig.CPUShares}} {{.HostConfig.DNS}}", "abc 5 0 []")]
    [InlineData("{{.HostConfig.NetworkMode.IsHost}} {{.HostConfig.NetworkMode.UserDefined}} {{.HostConfig.RestartPolicy.IsNone}}", "true  true")]
    [InlineData("<{{index .Config.Labels \"absent\"}}> {{.Config.Labels.absent}}", "<> <no value>")]
    [InlineData("{{.Config.Healthcheck.Interval}} {{.Config.Healthcheck.Timeout}}", "1m30s 1.5ms")]
    [InlineData("{{json .HostConfig.Binds}} {{json .Config.Labels}} {{json .State.Health}} {{json .HostConfig.RestartPolicy}}",
        "null {\"a\":\"<\"} null {\"Name\":\"\",\"MaximumRetryCount\":0}")]
    [InlineData("{{.HostConfig.RestartPolicy}} {{.HostConfig.Ulimits}} {{printf \"%T\" .HostConfig.NetworkMode}}", "{ 0} [nofile=1:2] container.NetworkMode")]
    [InlineData("{{range $port, $_ := .Config.ExposedPorts}}{{$port.Port}} {{$port.Proto}}{{end}}", "80 tcp")]
    public void A_template_sees_what_the_engine_says_through_Gos_types(string template, string expected) =>
        Assert.Equal(expected, Template.Parse(template).Execute(Container()));

    [Theory]
    [InlineData("{{.Nothing}}", "template: :1:2: executing \"\" at <.Nothing>: can't evaluate field Nothing in type container.InspectResponse")]
    [InlineData("{{.State.Health.Status}}", "template: :1:8: executing \"\" at <.State.Health.Status>: nil pointer evaluating *container.Health.Status")]
    [InlineData("{{index .HostConfig.PortBindings \"80/tcp\"}}", "template: :1:2: executing \"\" at <index .HostConfig.PortBindings \"80/tcp\">: error calling index: value has type string; should be nat.Port")]
    [InlineData("{{upper .HostConfig.NetworkMode}}", "template: :1:19: executing \"\" at <.HostConfig.NetworkMode>: wrong type for value; expected string; got container.NetworkMode")]
    public void What_a_type_does_not_have_is_refused_in_Gos_words(string template, string expected) =>
        Assert.Equal(expected, Assert.Throws<TemplateException>(() => Template.Parse(template).Execute(Container())).Message);

    private static GoValue Container()
    {
        const string Text = """
            {"Id":"abc","State":{},"HostConfig":{"Binds":null,"NetworkMode":"host","NanoCpus":5,"Ulimits":[{"Name":"nofile","Soft":1,"Hard":2}]},
             "Config":{"Labels":{"a":"<"},"ExposedPorts":{"80/tcp":{}},"Healthcheck":{"Interval":90000000000,"Timeout":1500000}}}
            """;
        return GoJsonReader.Read(JsonDocument.Parse(Text).RootElement, "container.InspectResponse");
    }

    [Fact]
    public void Templates_that_invoke_each_other_without_end_are_stopped() =>
        Assert.Contains(
            "exceeded maximum template depth",
            Assert.Throws<TemplateException>(() => Execute("{{define \"t\"}}{{template \"t\"}}{{end}}{{template \"t\"}}")).Message,
            StringComparison.Ordinal);

    private static string Execute(string template)
    {
        using var json = JsonDocument.Parse(Data);
        return Template.Parse(template).Execute(GoJsonReader.Untyped(json.RootElement, exactNumbers: false));
    }
}
