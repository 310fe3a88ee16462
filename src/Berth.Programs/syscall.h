/* System calls of Linux without a C library, and where a program starts. */

static inline long call(long number, long a, long b, long c, long d)
{
#if defined(__x86_64__)
    long result;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
#else
#error "only x86-64 and arm64 are known"
#endif
}

#if defined(__x86_64__)
enum {
    sys_write = 1, sys_rt_sigprocmask = 14, sys_ioctl = 16, sys_getpid = 39, sys_clone = 56, sys_execve = 59, sys_wait4 = 61,
    sys_kill = 62, sys_setpgid = 109, sys_rt_sigtimedwait = 128, sys_prctl = 157, sys_exit_group = 231
};

/* The kernel starts a program with its arguments on the stack. */
__asm__(".globl _start\n_start:\n  mov %rsp, %rdi\n  xor %ebp, %ebp\n  and $-16, %rsp\n  call start\n");
#else
enum {
    sys_ioctl = 29, sys_write = 64, sys_exit_group = 94, sys_kill = 129, sys_rt_sigprocmask = 135, sys_rt_sigtimedwait = 137,
    sys_setpgid = 154, sys_prctl = 167, sys_getpid = 172, sys_clone = 220, sys_execve = 221, sys_wait4 = 260
};

__asm__(".globl _start\n_start:\n  mov x0, sp\n  bl start\n");
#endif

/* Where a program begins. The stack holds argc, the arguments, a null, the environment, a null. */
void start(long *stack);

__attribute__((noreturn)) static void leave(int code)
{
    for (;;) {
        call(sys_exit_group, code, 0, 0, 0);
    }
}

static inline unsigned long length_of(const char *text)
{
    unsigned long length = 0;
    while (text[length] != 0) {
        length++;
    }
    return length;
}

/* Writes all of it, as far as anybody takes it. Returns 0 where that was everything. */
static inline int write_all(int descriptor, const char *bytes, unsigned long length)
{
    while (length > 0) {
        long written = call(sys_write, descriptor, (long)bytes, (long)length, 0);
        if (written <= 0) {
            return -1;
        }
        bytes += written;
        length -= (unsigned long)written;
    }
    return 0;
}
