using Berth.Linux;
using Berth.Linux.Processes;
using Berth.Runtime.Containers;

namespace Berth.Runtime.Monitor;

/// <summary><c>berth-runtime monitor</c>: started by the daemon with its first control connection as descriptor 3.</summary>
internal static class MonitorCommand
{
    private const int FirstConnection = 3;
    private const int Hangup = 1;
    private const int Interrupt = 2;
    private const int BrokenPipe = 13;
    private const int Terminate = 15;

    internal static int Run()
    {
        // It goes on when its terminal, its daemon or its system's shutdown would end it: its container decides.
        ProcessControl.IgnoreSignals(Hangup, Interrupt, Terminate, BrokenPipe);
        CreationRehearsal.Run();
        using var server = new MonitorServer(new FileDescriptor(FirstConnection));
        server.Run();
        return 0;
    }
}
