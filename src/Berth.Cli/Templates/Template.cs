using System.Text;
using Berth.Cli.Templates.Types;

namespace Berth.Cli.Templates;

/// <summary>A parsed template of Go's text/template, for <c>--format</c>.</summary>
sealed class Template
{
    private readonly string _name;
    private readonly string _text;
    private readonly Dictionary<string, GoFunction> _functions;
    private readonly Dictionary<string, IReadOnlyList<TemplateNode>> _definitions;

    private Template(string text, string name, Dictionary<string, GoFunction> functions)
    {
        _name = name;
        _text = text;
        _functions = functions;
        _definitions = new TemplateParser(name, text, functions.ContainsKey).Run();
    }

    /// <summary>A field that a map does not have is an error, and not no value.</summary>
    public bool MissingKeysFail { get; set; }

    /// <param name="text">The template.</param>
    /// <param name="name">Its name in messages: <c>template: :1:2: executing "" at …</c>.</param>
    /// <exception cref="TemplateException">The text is no template.</exception>
    public static Template Parse(string text, string name = "") => new(text, name, TemplateFunctions.ForValues);

    /// <summary>The same template over the titles of the columns.</summary>
    public static Template ParseForHeader(string text) => new(text, "", TemplateFunctions.ForHeaders);

    /// <exception cref="TemplateException">A field does not exist, a function refuses its arguments.</exception>
    public string Execute(GoValue data)
    {
        var output = new StringBuilder();
        Execute(data, output);
        return output.ToString();
    }

    /// <summary>Appends to the output; what was printed before an error stays there.</summary>
    /// <exception cref="TemplateException">A field does not exist, a function refuses its arguments.</exception>
    public void Execute(GoValue data, StringBuilder output) =>
        new TemplateEvaluator(_name, _text, _functions, _definitions, MissingKeysFail, output).Run(data);
}
