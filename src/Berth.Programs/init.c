/* The first process of a container with --init: it starts the user's program, passes signals on to it, reaps whatever is orphaned,
   and ends as the program does. Called as: docker-init -- PROGRAM ARGUMENT... */

#include "syscall.h"

enum { block = 0, set = 2, nohang = 1, sigchld = 17, tiocspgrp = 0x5410, set_child_subreaper = 36 };
enum { enoent = 2, eintr = 4, enotdir = 20 };

static const char default_path[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

typedef unsigned long signals;

#define BIT(n) (1ul << ((n)-1))

/* What the processor raises ends this process as it would any other: SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS. */
static const signals faults = BIT(4) | BIT(5) | BIT(6) | BIT(7) | BIT(8) | BIT(11) | BIT(31);

static const char *path_of(char **environment)
{
    for (; *environment != 0; environment++) {
        const char *entry = *environment;
        if (entry[0] == 'P' && entry[1] == 'A' && entry[2] == 'T' && entry[3] == 'H' && entry[4] == '=') {
            return entry + 5;
        }
    }
    return default_path;
}

/* Executes the program; returns why that was not possible. */
static long execute(char **arguments, char **environment)
{
    static char file[8192];
    const char *name = arguments[0];
    unsigned long name_length = length_of(name);
    for (unsigned long i = 0; i < name_length; i++) {
        if (name[i] == '/') {
            return -call(sys_execve, (long)name, (long)arguments, (long)environment, 0);
        }
    }

    long worst = enoent;
    const char *path = path_of(environment);
    while (name_length > 0) {
        unsigned long length = 0;
        while (path[length] != 0 && path[length] != ':') {
            length++;
        }

        if (length + name_length + 2 <= sizeof file) {
            for (unsigned long i = 0; i < length; i++) {
                file[i] = path[i];
            }
            unsigned long at = length;
            if (length > 0) {
                file[at++] = '/';
            }
            for (unsigned long i = 0; i <= name_length; i++) {
                file[at + i] = name[i];
            }

            long error = -call(sys_execve, (long)file, (long)arguments, (long)environment, 0);
            if (error != enoent && error != enotdir) {
                worst = error;
            }
        }

        if (path[length] == 0) {
            break;
        }
        path += length + 1;
    }

    return worst;
}

__attribute__((noreturn)) static void become(char **arguments, char **environment, const signals *mask)
{
    /* A job of its own, as a shell would start it: what the terminal's user types is for it. That takes SIGTTOU blocked, as it is. */
    int group = (int)call(sys_getpid, 0, 0, 0, 0);
    call(sys_setpgid, 0, 0, 0, 0);
    call(sys_ioctl, 0, tiocspgrp, (long)&group, 0);
    call(sys_rt_sigprocmask, set, (long)mask, 0, sizeof *mask);

    long error = execute(arguments, environment);
    static const char before[] = "docker-init: cannot execute ";
    write_all(2, before, sizeof before - 1);
    write_all(2, arguments[0], length_of(arguments[0]));
    static const char missing[] = ": no such file or directory\n";
    static const char refused[] = ": permission denied, or no program\n";
    if (error == enoent) {
        write_all(2, missing, sizeof missing - 1);
        leave(127);
    }
    write_all(2, refused, sizeof refused - 1);
    leave(126);
}

/* Reaps all that has ended; ends this process when the program is among it. */
static void reap(long program)
{
    int code = -1;
    for (;;) {
        int status = 0;
        long ended = call(sys_wait4, -1, (long)&status, nohang, 0);
        if (ended == -eintr) {
            continue;
        }
        if (ended <= 0) {
            break;
        }
        if (ended == program) {
            int signal = status & 0x7f;
            code = signal != 0 ? 128 + signal : (status >> 8) & 0xff;
        }
    }
    if (code >= 0) {
        leave(code);
    }
}

void start(long *stack)
{
    char **arguments = (char **)(stack + 1);
    char **environment = arguments + *stack + 1;
    arguments += *stack > 0 ? 1 : 0;
    if (*arguments != 0 && (*arguments)[0] == '-' && (*arguments)[1] == '-' && (*arguments)[2] == 0) {
        arguments++;
    }
    if (*arguments == 0) {
        static const char usage[] = "usage: docker-init -- PROGRAM [ARGUMENT...]\n";
        write_all(2, usage, sizeof usage - 1);
        leave(1);
    }

    if (call(sys_getpid, 0, 0, 0, 0) != 1) {
        call(sys_prctl, set_child_subreaper, 1, 0, 0);
    }

    signals all = ~faults;
    signals before = 0;
    call(sys_rt_sigprocmask, block, (long)&all, (long)&before, sizeof all);
    long program = call(sys_clone, sigchld, 0, 0, 0);
    if (program == 0) {
        become(arguments, environment, &before);
    }
    if (program < 0) {
        leave(126);
    }

    for (;;) {
        long signal = call(sys_rt_sigtimedwait, (long)&all, 0, 0, sizeof all);
        if (signal == sigchld) {
            reap(program);
        } else if (signal > 0) {
            call(sys_kill, program, signal, 0, 0);
        }
    }
}
