using System.Runtime.InteropServices;
using Berth.Linux.Native;

namespace Berth.Linux.Processes;

/// <summary>Starts programs with posix_spawn(3), which a process with many threads may use: nothing of ours runs in the child.</summary>
public static unsafe class ChildProcess
{
    private const int FirstDescriptor = 3;

    /// <summary>Starts the program with every signal at its default, in the directory "/".</summary>
    /// <exception cref="LinuxException">The program could not be executed.</exception>
    public static ProcessHandle Spawn(SpawnPlan plan)
    {
        var attributes = stackalloc byte[Libc.SizeOfSpawnObject];
        var actions = stackalloc byte[Libc.SizeOfSpawnObject];
        var duplicates = new List<FileDescriptor>();
        var sources = new List<int>();
        Check(Libc.posix_spawnattr_init(attributes), "posix_spawnattr_init");
        Check(Libc.posix_spawn_file_actions_init(actions), "posix_spawn_file_actions_init");
        try
        {
            // Sources are moved above all targets first, so that no dup2 of the list overwrites the source of a later one.
            foreach (var descriptor in plan.Descriptors)
            {
                var above = new FileDescriptor(Libc.fcntl(
                    descriptor.Number, Libc.F_DUPFD_CLOEXEC, FirstDescriptor + plan.Descriptors.Count));
                duplicates.Add(above);
                sources.Add(above.IsInvalid ? throw LinuxException.FromLastError("fcntl", "F_DUPFD_CLOEXEC") : above.Number);
            }

            var signals = new Libc.sigset_t { bits = ~0UL };
            var none = default(Libc.sigset_t);
            var flags = Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK | (plan.NewSession ? Libc.POSIX_SPAWN_SETSID : 0);
            Check(Libc.posix_spawnattr_setflags(attributes, (short)flags), "posix_spawnattr_setflags");
            Check(Libc.posix_spawnattr_setsigdefault(attributes, &signals), "posix_spawnattr_setsigdefault");
            Check(Libc.posix_spawnattr_setsigmask(attributes, &none), "posix_spawnattr_setsigmask");
            AddActions(actions, sources);
            return Start(plan, attributes, actions);
        }
        finally
        {
            _ = Libc.posix_spawn_file_actions_destroy(actions);
            _ = Libc.posix_spawnattr_destroy(attributes);
            duplicates.ForEach(d => d.Dispose());
        }
    }

    private static void AddActions(void* actions, List<int> sources)
    {
        fixed (byte* root = "/\0"u8)
        fixed (byte* nothing = "/dev/null\0"u8)
        {
            for (var i = 0; i < sources.Count; i++)
            {
                Check(Libc.posix_spawn_file_actions_adddup2(actions, sources[i], FirstDescriptor + i), "posix_spawn_file_actions_adddup2");
            }

            for (var i = 0; i < FirstDescriptor; i++)
            {
                Check(Libc.posix_spawn_file_actions_addopen(actions, i, nothing, Libc.O_RDWR, 0), "posix_spawn_file_actions_addopen");
            }

            Check(Libc.posix_spawn_file_actions_addclosefrom_np(actions, FirstDescriptor + sources.Count), "posix_spawn_file_actions_addclosefrom_np");
            Check(Libc.posix_spawn_file_actions_addchdir_np(actions, root), "posix_spawn_file_actions_addchdir_np");
        }
    }

    private static ProcessHandle Start(SpawnPlan plan, byte* attributes, byte* actions)
    {
        var path = Marshal.StringToCoTaskMemUTF8(plan.Path);
        var argv = Strings(plan.Arguments);
        var envp = Strings(plan.Environment);
        try
        {
            int id;
            var error = Libc.posix_spawn(&id, (byte*)path, actions, attributes, argv, envp);
            if (error != 0)
            {
                throw new LinuxException("posix_spawn", (Errno)error, plan.Path);
            }

            // Nobody else reaps our children, so the number still names this one.
            return ProcessHandle.TryOpen(id) ?? throw new LinuxException("pidfd_open", Errno.ESRCH, plan.Path);
        }
        finally
        {
            Marshal.FreeCoTaskMem(path);
            Free(argv);
            Free(envp);
        }
    }

    private static byte** Strings(IReadOnlyList<string> values)
    {
        var array = (byte**)NativeMemory.AllocZeroed((nuint)values.Count + 1, (nuint)sizeof(byte*));
        for (var i = 0; i < values.Count; i++)
        {
            array[i] = (byte*)Marshal.StringToCoTaskMemUTF8(values[i]);
        }

        return array;
    }

    private static void Free(byte** array)
    {
        for (var entry = array; *entry != null; entry++)
        {
            Marshal.FreeCoTaskMem((nint)(*entry));
        }

        NativeMemory.Free(array);
    }

    private static void Check(int error, string call)
    {
        if (error != 0)
        {
            throw new LinuxException(call, (Errno)error);
        }
    }
}
