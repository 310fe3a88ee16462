namespace Berth.Cli.Templates;

/// <summary>A template that cannot be parsed or evaluated; the message is the one of Go's text/template.</summary>
sealed class TemplateException(string message) : Exception(message);
