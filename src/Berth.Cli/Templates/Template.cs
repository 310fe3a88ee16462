using System.Text;

namespace Berth.Cli.Templates;

/// <summary>A parsed template of Go's text/template, for <c>--format</c>.</summary>
sealed class Template
{
    private readonly string _text;
    private readonly Dictionary<string, TemplateFunction> _functions;
    private readonly Dictionary<string, IReadOnlyList<TemplateNode>> _definitions;

    private Template(string text, Dictionary<string, TemplateFunction> functions)
    {
        _text = text;
        _functions = functions;
        _definitions = new TemplateParser(Name, text, functions.ContainsKey).Run();
    }

    /// <summary>The name in Docker's messages: <c>template: :1:2: executing "" at …</c>.</summary>
    public static string Name => "";

    /// <exception cref="TemplateException">The text is no template.</exception>
    public static Template Parse(string text) => new(text, TemplateFunctions.ForValues);

    /// <summary>The same template over the titles of the columns.</summary>
    public static Template ParseForHeader(string text) => new(text, TemplateFunctions.ForHeaders);

    /// <exception cref="TemplateException">A field does not exist, a function refuses its arguments.</exception>
    public string Execute(object? data)
    {
        var output = new StringBuilder();
        Execute(data, output);
        return output.ToString();
    }

    /// <summary>Appends to the output.</summary>
    /// <exception cref="TemplateException">A field does not exist, a function refuses its arguments.</exception>
    public void Execute(object? data, StringBuilder output) => new TemplateEvaluator(_text, _functions, _definitions, output).Run(data);
}
