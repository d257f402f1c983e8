/* MPI behind eight functions. */
#include "parallel/ranks.h"

#include <mpi.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_SIZE = 1, TAG_BYTES = 2, PIECE = 1 << 30 };

/* The first positive number among these variables of the environment, 0 without one. */
static int from_environment(const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *text = getenv(names[i]);
        int size = text ? atoi(text) : 0;
        if (size > 0)
            return size;
    }
    return 0;
}

int snw_launcher_size(void)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE",
                                        "SLURM_STEP_NUM_TASKS"};
    return from_environment(names, sizeof names / sizeof names[0]);
}

int snw_ranks_here(const struct snw_ranks *ranks)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"};
    int here = ranks->size > 1 ? from_environment(names, sizeof names / sizeof names[0]) : 0;
    return here > 0 && here < ranks->size ? here : ranks->size;
}

snw_status snw_ranks_start(struct snw_ranks *ranks, struct snw_ctx *ctx)
{
    int expected = snw_launcher_size();
    *ranks = (struct snw_ranks){.rank = 0, .size = 1};
    if (expected == 0)
        return SNW_OK;
    if (MPI_Init(NULL, NULL) != MPI_SUCCESS)
        return snw_fail(ctx, SNW_ERR_MPI, "MPI could not be initialised");
    ranks->started = true;
    MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    MPI_Comm_rank(MPI_COMM_WORLD, &ranks->rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks->size);
    if (ranks->size != expected)
        return snw_fail(ctx, SNW_ERR_ENVIRONMENT,
                        "the launcher started %d processes, MPI sees %d: it belongs to another MPI "
                        "than %s; start with `sinew run --ranks %d`",
                        expected, ranks->size, snw_ranks_library(), expected);
    return SNW_OK;
}

void snw_ranks_stop(struct snw_ranks *ranks)
{
    if (ranks->started)
        MPI_Finalize();
    ranks->started = false;
}

void snw_ranks_abort(const struct snw_ranks *ranks, int exit_code)
{
    if (ranks->started)
        MPI_Abort(MPI_COMM_WORLD, exit_code);
}

static snw_status check(int code)
{
    return code == MPI_SUCCESS ? SNW_OK : SNW_ERR_MPI;
}

snw_status snw_ranks_agree(const struct snw_ranks *ranks, snw_status status, struct snw_ctx *ctx)
{
    struct {
        int status, rank;
    } mine = {(int)status, ranks->rank}, worst;
    char text[SNW_MESSAGE_MAX] = "";
    if (ranks->size == 1)
        return status;
    if (MPI_Allreduce(&mine, &worst, 1, MPI_2INT, MPI_MAXLOC, MPI_COMM_WORLD) != MPI_SUCCESS)
        return snw_fail(ctx, SNW_ERR_MPI, "the ranks could not agree");
    if (worst.status == SNW_OK)
        return SNW_OK;
    if (ctx->n_errors > 0)
        memcpy(text, ctx->messages[0], sizeof text);
    if (MPI_Bcast(text, sizeof text, MPI_CHAR, worst.rank, MPI_COMM_WORLD) != MPI_SUCCESS)
        return snw_fail(ctx, SNW_ERR_MPI, "the ranks could not agree");
    if (status == SNW_OK && text[0])
        return snw_fail(ctx, (snw_status)worst.status, "rank %d: %s", worst.rank, text);
    return (snw_status)worst.status;
}

static snw_status sum(const struct snw_ranks *ranks, void *values, size_t n, size_t bytes,
                      MPI_Datatype type)
{
    for (size_t at = 0; at < n && ranks->size > 1; at += PIECE / 8) {
        int count = (int)(n - at < PIECE / 8 ? n - at : PIECE / 8);
        char *from = (char *)values + at * bytes;
        int code = ranks->rank == 0
                       ? MPI_Reduce(MPI_IN_PLACE, from, count, type, MPI_SUM, 0, MPI_COMM_WORLD)
                       : MPI_Reduce(from, NULL, count, type, MPI_SUM, 0, MPI_COMM_WORLD);
        if (code != MPI_SUCCESS)
            return SNW_ERR_MPI;
    }
    return SNW_OK;
}

snw_status snw_ranks_sum_u64(const struct snw_ranks *ranks, uint64_t *values, size_t n)
{
    return sum(ranks, values, n, sizeof *values, MPI_UINT64_T);
}

snw_status snw_ranks_sum_u32(const struct snw_ranks *ranks, uint32_t *values, size_t n)
{
    return sum(ranks, values, n, sizeof *values, MPI_UINT32_T);
}

snw_status snw_ranks_gather(const struct snw_ranks *ranks, double value, double *all)
{
    all[0] = value;
    if (ranks->size == 1)
        return SNW_OK;
    return check(MPI_Allgather(&value, 1, MPI_DOUBLE, all, 1, MPI_DOUBLE, MPI_COMM_WORLD));
}

snw_status snw_ranks_share(const struct snw_ranks *ranks, void *bytes, size_t n, int from)
{
    for (size_t at = 0; at < n && ranks->size > 1; at += PIECE) {
        int count = (int)(n - at < PIECE ? n - at : PIECE);
        if (MPI_Bcast((char *)bytes + at, count, MPI_BYTE, from, MPI_COMM_WORLD) != MPI_SUCCESS)
            return SNW_ERR_MPI;
    }
    return SNW_OK;
}

/* A const_cast that MPI's interface asks for. */
static void *writable(const void *bytes)
{
    void *copy;
    memcpy(&copy, &bytes, sizeof copy);
    return copy;
}

snw_status snw_ranks_send(const struct snw_ranks *ranks, const void *bytes, size_t n)
{
    uint64_t size = n;
    (void)ranks;
    if (MPI_Send(&size, 1, MPI_UINT64_T, 0, TAG_SIZE, MPI_COMM_WORLD) != MPI_SUCCESS)
        return SNW_ERR_MPI;
    for (size_t at = 0; at < n; at += PIECE) {
        int count = (int)(n - at < PIECE ? n - at : PIECE);
        char *from = (char *)writable(bytes) + at;
        if (MPI_Send(from, count, MPI_BYTE, 0, TAG_BYTES, MPI_COMM_WORLD) != MPI_SUCCESS)
            return SNW_ERR_MPI;
    }
    return SNW_OK;
}

snw_status snw_ranks_take(const struct snw_ranks *ranks, int from, void **bytes, size_t *n,
                          size_t *room, struct snw_ctx *ctx)
{
    uint64_t size = 0;
    (void)ranks;
    if (MPI_Recv(&size, 1, MPI_UINT64_T, from, TAG_SIZE, MPI_COMM_WORLD, MPI_STATUS_IGNORE) !=
        MPI_SUCCESS)
        return snw_fail(ctx, SNW_ERR_MPI, "nothing came from rank %d", from);
    if (size > *room) {
        void *more = realloc(*bytes, size);
        if (!more)
            return snw_fail(ctx, SNW_ERR_MEMORY, "no memory for %llu bytes of rank %d",
                            (unsigned long long)size, from);
        *bytes = more;
        *room = size;
    }
    *n = size;
    for (size_t at = 0; at < size; at += PIECE) {
        int count = (int)(size - at < PIECE ? size - at : PIECE);
        if (MPI_Recv((char *)*bytes + at, count, MPI_BYTE, from, TAG_BYTES, MPI_COMM_WORLD,
                     MPI_STATUS_IGNORE) != MPI_SUCCESS)
            return snw_fail(ctx, SNW_ERR_MPI, "rank %d stopped sending", from);
    }
    return SNW_OK;
}

#define TEXT2(x) #x
#define TEXT(x) TEXT2(x)

const char *snw_ranks_library(void)
{
#if defined(OMPI_MAJOR_VERSION)
    return "Open MPI " TEXT(OMPI_MAJOR_VERSION) "." TEXT(OMPI_MINOR_VERSION) "." TEXT(
        OMPI_RELEASE_VERSION);
#elif defined(MPICH_VERSION)
    return "MPICH " MPICH_VERSION;
#else
    return "an MPI without a name";
#endif
}
