/* sinew doctor: what this binary was built with and what it finds here. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "cli/command.h"
#include "core/build_info.h"
#include "processes/schedule.h"
#include "store/compress.h"
#include "store/file.h"

static bool on_path(const char *program)
{
    const char *path = getenv("PATH");
    char full[4096];
    while (path && *path) {
        int n = 0;
        while (path[n] && path[n] != ':')
            n++;
        snprintf(full, sizeof full, "%.*s/%s", n, path, program);
        if (access(full, X_OK) == 0)
            return true;
        path += n + (path[n] == ':');
    }
    return false;
}

static void say(const char *what, const char *found, bool good, const char *cure)
{
    printf("%-14s %-40s %s\n", what, found, good ? "ok" : cure);
}

snw_status snw_command_doctor(struct snw_ctx *ctx, const struct snw_arguments *a)
{
    struct statvfs disk;
    char text[64];
    if (a->n_words > 0)
        return snw_fail(ctx, SNW_ERR_USAGE, "sinew doctor wants nothing more: %s", a->words[0]);
    printf("sinew %s (%s)\n", snw_version(), snw_commit());
    say("compiler", snw_compiler(), true, "");
    snprintf(text, sizeof text, "%s; this CPU runs %s", "plain, v3 (AVX2), v4 (AVX-512)",
             snw_kernels_best()->isa);
    say("kernels", text, true, "");
    say("MPI", snw_ranks_library(), on_path("mpirun"),
        "no mpirun: install openmpi-bin for --ranks");
    say("HDF5", snw_store_library(), true, "");
    say("compressor", snw_compress_library(), true, "");
    static const char *const modules[] = {"h5py", "numpy", "matplotlib", "jinja2"};
    bool python = access("/usr/bin/python3", X_OK) == 0;
    say("python3", python ? "/usr/bin/python3" : "none", python, "install python3 for the report");
    for (size_t i = 0; python && i < sizeof modules / sizeof modules[0]; i++) {
        char command[128], cure[96];
        snprintf(command, sizeof command, "/usr/bin/python3 -c 'import %s' 2>/dev/null",
                 modules[i]);
        snprintf(cure, sizeof cure, "missing: install python3-%s for the report", modules[i]);
        say("  module", modules[i], system(command) == 0, cure);
    }
    if (statvfs(".", &disk) == 0) {
        snprintf(text, sizeof text, "%.3g GiB free here",
                 (double)disk.f_bavail * (double)disk.f_frsize / 1073741824);
        say("disk", text, true, "");
    }
    return SNW_OK;
}
