/* The program of the image hello-berth: it needs nothing of its machine but two system calls, so that when it does not run, the
   fault is the engine's. Linked without a C library. */

static const char text[] =
    "Hello from Berth!\n"
    "\n"
    "If you can read this, a container has just run on this machine:\n"
    "\n"
    " 1. The command line asked the Berth daemon for a container of the image hello-berth.\n"
    " 2. The daemon carries that image inside itself, so nothing was downloaded. It unpacked\n"
    "    the image's only layer, which holds one small program.\n"
    " 3. berth-runtime gave the program its own view of the system: its own root directory,\n"
    "    processes, network and host name. Then it let it run.\n"
    " 4. The program wrote these lines, which came back to your terminal, and ended.\n"
    "\n"
    "What to try next:\n"
    "\n"
    "  make an image of any directory      tar -C DIR -c . | berth import - mine\n"
    "  look around inside it               berth run -it --rm mine sh\n"
    "  run a server in the background      berth run -d --name web -p 8080:80 mine httpd -f\n"
    "  see what runs, and what it said     berth ps; berth logs web\n"
    "\n"
    "All commands: berth --help\n";

static long call(long number, long a, long b, long c)
{
#if defined(__x86_64__)
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
#else
#error "hello-berth knows x86-64 and arm64"
#endif
}

#if defined(__x86_64__)
enum { sys_write = 1, sys_exit_group = 231 };
#else
enum { sys_write = 64, sys_exit_group = 94 };
#endif

void _start(void)
{
    unsigned long done = 0;
    while (done < sizeof text - 1) {
        long written = call(sys_write, 1, (long)(text + done), (long)(sizeof text - 1 - done));
        if (written <= 0) {
            call(sys_exit_group, 1, 0, 0);
        }
        done += (unsigned long)written;
    }
    for (;;) {
        call(sys_exit_group, 0, 0, 0);
    }
}
