/* Aligned, zeroed memory. */
#define _GNU_SOURCE /* RLIMIT_AS */
#include "core/memory.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

/* Arrays so long are walked across pages: large ones where the system has them. */
enum { LONG = 8 << 20 };

void *snw_alloc(size_t bytes)
{
    size_t rounded = (bytes + SNW_ALIGNMENT - 1) / SNW_ALIGNMENT * SNW_ALIGNMENT;
    if (rounded < bytes)
        return NULL;
    void *memory = aligned_alloc(SNW_ALIGNMENT, rounded ? rounded : SNW_ALIGNMENT);
    if (memory && rounded >= LONG) {
        uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), at = (uintptr_t)memory;
        size_t skip = (size_t)((at + page - 1) / page * page - at);
        (void)madvise((char *)memory + skip, rounded - skip, MADV_HUGEPAGE); /* a hint only */
    }
    if (memory)
        memset(memory, 0, rounded);
    return memory;
}

void snw_free(void *memory)
{
    free(memory);
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* The first number of a file behind `word`; infinity where there is none. */
static double number_in(const char *path, const char *word)
{
    FILE *file = fopen(path, "r");
    char line[256];
    double number = INFINITY, found;
    size_t n = strlen(word);
    while (file && isinf(number) && fgets(line, sizeof line, file))
        if (strncmp(line, word, n) == 0 && sscanf(line + n, "%lf", &found) == 1)
            number = found;
    if (file)
        fclose(file);
    return number;
}

double snw_memory_left(void)
{
    static const char *const of_container[] = {"/sys/fs/cgroup/memory.max",
                                               "/sys/fs/cgroup/memory/memory.limit_in_bytes"};
    double left = 1024 * number_in("/proc/meminfo", "MemAvailable:");
    double pages = number_in("/proc/self/statm", "");
    struct rlimit limit;
    for (size_t i = 0; i < sizeof of_container / sizeof of_container[0]; i++)
        left = smaller(left, number_in(of_container[i], ""));
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && isfinite(pages))
        left = smaller(left, (double)limit.rlim_cur - pages * (double)sysconf(_SC_PAGESIZE));
    return left;
}

/* Not getrusage: that counts what the process was before it became this program, too. */
double snw_memory_peak(void)
{
    return 1024 * number_in("/proc/self/status", "VmHWM:");
}
