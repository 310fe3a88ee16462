using System.Globalization;
using System.Text;
using Berth.Api.Containers;

namespace Berth.Cli.Commands.Containers;

/// <summary>
/// Writes the bodies of an exec's requests. By hand: for the serializer to learn the types, and for its writer to learn what it must
/// escape, would be a tenth of the time of a whole exec.
/// </summary>
sealed class ExecRequestBody
{
    private readonly StringBuilder _json = new("{", 512);

    private ExecRequestBody()
    {
    }

    public static byte[] Of(CreateExecRequest request) => new ExecRequestBody()
        .Add("User", request.User)
        .Add("Privileged", request.Privileged)
        .Add("Tty", request.Tty)
        .AddSize(request.ConsoleSize)
        .Add("AttachStdin", request.AttachStdin)
        .Add("AttachStderr", request.AttachStderr)
        .Add("AttachStdout", request.AttachStdout)
        .Add("Detach", request.Detach)
        .Add("DetachKeys", request.DetachKeys)
        .Add("Env", request.Env)
        .Add("WorkingDir", request.WorkingDir)
        .Add("Cmd", request.Cmd)
        .End();

    public static byte[] Of(StartExecRequest request) => new ExecRequestBody()
        .Add("Detach", request.Detach)
        .Add("Tty", request.Tty)
        .AddSize(request.ConsoleSize)
        .End();

    private ExecRequestBody Add(string name, string value)
    {
        AddName(name);
        AddText(value);
        return this;
    }

    private ExecRequestBody Add(string name, bool value)
    {
        AddName(name);
        _json.Append(value ? "true" : "false");
        return this;
    }

    private ExecRequestBody Add(string name, IReadOnlyList<string>? values)
    {
        AddName(name);
        if (values is null)
        {
            _json.Append("null");
            return this;
        }

        _json.Append('[');
        for (var i = 0; i < values.Count; i++)
        {
            _json.Append(i == 0 ? "" : ",");
            AddText(values[i]);
        }

        _json.Append(']');
        return this;
    }

    private ExecRequestBody AddSize(IReadOnlyList<uint>? size)
    {
        if (size is [var height, var width])
        {
            AddName("ConsoleSize");
            _json.Append('[').Append(height).Append(',').Append(width).Append(']');
        }

        return this;
    }

    private byte[] End() => Encoding.UTF8.GetBytes(_json.Append('}').ToString());

    private void AddName(string name) => _json.Append(_json.Length > 1 ? "," : "").Append('"').Append(name).Append("\":");

    private void AddText(string text)
    {
        _json.Append('"');
        foreach (var character in text)
        {
            if (character is < ' ' or '"' or '\\')
            {
                _json.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            }
            else
            {
                _json.Append(character);
            }
        }

        _json.Append('"');
    }
}
