using System.Globalization;
using System.Text;

namespace Berth.Cli.Connection;

/// <summary>Builds the target of a request.</summary>
sealed class QueryString(string path)
{
    private readonly StringBuilder _text = new(path);
    private bool _any;

    /// <summary>A name or id as a part of a path.</summary>
    public static string Escape(string name) => Uri.EscapeDataString(name);

    public QueryString Add(string name, string value)
    {
        _text.Append(_any ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        _any = true;
        return this;
    }

    public QueryString AddIf(bool condition, string name, string value = "1") => condition ? Add(name, value) : this;

    public QueryString AddNonEmpty(string name, string value) => AddIf(value.Length > 0, name, value);

    public QueryString Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
