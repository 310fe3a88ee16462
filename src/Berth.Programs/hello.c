/* The program of the image hello-berth: it needs nothing of its machine but two system calls, so that when it does not run, the
   fault is the engine's. Linked without a C library. */

#include "syscall.h"

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

void start(long *stack)
{
    (void)stack;
    leave(write_all(1, text, sizeof text - 1) == 0 ? 0 : 1);
}
