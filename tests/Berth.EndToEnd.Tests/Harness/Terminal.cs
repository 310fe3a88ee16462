using System.Diagnostics;
using System.Text;

namespace Berth.EndToEnd.Tests.Harness;

/// <summary>A program in a real terminal (a pseudo terminal that <c>script</c> makes), typed into and read by a test.</summary>
public sealed class Terminal : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _screen = new();
    private readonly Task _reading;

    private Terminal(Process process)
    {
        _process = process;
        _reading = ReadAsync();
    }

    /// <summary>All that was shown so far.</summary>
    public string Screen
    {
        get
        {
            lock (_screen)
            {
                return _screen.ToString();
            }
        }
    }

    public static Terminal Open(Client client, string words, int rows = 33, int columns = 101)
    {
        var start = new ProcessStartInfo("/usr/bin/script") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (string[])["-q", "-e", "-c", $"stty rows {rows} cols {columns}; exec {client.Program} {words}", "/dev/null"])
        {
            start.ArgumentList.Add(word);
        }

        foreach (var (name, value) in client.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["TERM"] = "xterm";
        return new Terminal(Process.Start(start)!);
    }

    public async Task TypeAsync(string keys)
    {
        await _process.StandardInput.WriteAsync(keys);
        await _process.StandardInput.FlushAsync();
    }

    public async Task ShowsAsync(string text)
    {
        try
        {
            await Eventually.HoldsAsync($"the terminal shows '{text}'", () => Screen.Contains(text, StringComparison.Ordinal));
        }
        catch (Xunit.Sdk.XunitException e)
        {
            throw new Xunit.Sdk.XunitException($"{e.Message}; it shows:\n{Screen}", e);
        }
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Shell.Limit);
        return _process.ExitCode;
    }

    /// <summary>All that the program showed, when it has ended.</summary>
    public async Task<string> FullScreenAsync()
    {
        await _reading.WaitAsync(Shell.Limit);
        return Screen;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new char[4096];
        int count;
        while ((count = await _process.StandardOutput.ReadAsync(buffer)) > 0)
        {
            lock (_screen)
            {
                _screen.Append(buffer, 0, count);
            }
        }
    }
}
