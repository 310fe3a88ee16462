namespace Berth.EndToEnd.Tests.Harness;

/// <summary>A name that is nothing at one moment and a link to a file at the next, as fast as one thread can: what a hostile container does.</summary>
public sealed class NameSwap : IDisposable
{
    private readonly string _path;
    private readonly Thread _thread;
    private volatile bool _ended;

    /// <param name="path">The name.</param>
    /// <param name="target">What the link names.</param>
    public NameSwap(string path, string target)
    {
        _path = path;
        _thread = new Thread(() =>
        {
            while (!_ended)
            {
                Try(() =>
                {
                    // What the other side has made meanwhile gives way to the link in one step.
                    File.Delete(path + "-next");
                    File.CreateSymbolicLink(path + "-next", target);
                    File.Move(path + "-next", path, overwrite: true);
                    File.Delete(path);
                });
            }
        });
        _thread.Start();
    }

    public void Dispose()
    {
        _ended = true;
        _thread.Join();
    }

    // Only a directory does not give way.
    private void Try(Action swap)
    {
        try
        {
            swap();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            try
            {
                Directory.Delete(_path);
            }
            catch (IOException)
            {
                // It is gone, or a link again.
            }
        }
    }
}
