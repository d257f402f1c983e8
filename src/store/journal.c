/* The HDF5 driver: new bytes to the file, rewrites through the journal. */
#define _GNU_SOURCE /* sync_file_range */
#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/io.h"
#include "store/pages.h"
#include "store/rewrites.h"

struct driver {
    H5FD_t base; /* HDF5's part comes first */
    int fd;
    int journal_fd;
    bool given_up;
    int *trouble; /* once the file is being closed: where the first errno goes */
    dev_t device;
    ino_t inode;
    uint64_t committed;           /* below lies what the last commit needs */
    uint64_t end;                 /* length of the file */
    uint64_t sent;                /* below lies what the disk was asked to write */
    haddr_t allocated;            /* what HDF5 thinks of as its end */
    struct snw_rewrites rewrites; /* that wait for the commit */
    struct snw_pages pages;       /* as of the last commit, but for those touched since */
    struct snw_journal_sum sum;   /* of the journal as it is on disk */
    unsigned char *proof;
};

/* HDF5 keeps reasons as text: the number is found there again (h5.c). */
static herr_t fail(int error)
{
    H5Epush2(H5E_DEFAULT, __FILE__, __func__, __LINE__, H5E_ERR_CLS, H5E_VFL, H5E_WRITEERROR,
             "errno = %d", error);
    return -1;
}

/* HDF5 is left in ruins by a failure while it closes a file, so then it is told of none: nothing
   more is written, and the last commit stands. */
static herr_t fail_unless_closing(struct driver *driver, int error)
{
    if (!driver->trouble)
        return fail(error);
    driver->given_up = true;
    if (*driver->trouble == 0)
        *driver->trouble = error;
    return 0;
}

static int commit(struct driver *driver)
{
    if (driver->given_up)
        return EIO;
    /* First what is new, and the rewrites of the journal that is about to be overwritten. */
    if (fsync(driver->fd) != 0)
        return errno;
    driver->committed = driver->end;
    int error =
        snw_rewrites_write(&driver->rewrites, driver->journal_fd, driver->end, &driver->sum);
    if (!error)
        error = snw_rewrites_carry_out(&driver->rewrites, driver->fd, &driver->pages);
    if (!error)
        error = snw_pages_update(&driver->pages, driver->fd, driver->committed);
    driver->rewrites.n = 0;
    return error;
}

static int driver_start(struct driver *driver, const char *name, unsigned flags)
{
    char journal[SNW_PATH_MAX];
    struct stat info;
    struct snw_ctx ctx;
    snw_ctx_init(&ctx);
    if (snw_path_join(journal, sizeof journal, name, ".journal", &ctx) != SNW_OK)
        return ENAMETOOLONG;
    driver->fd = open(name, O_RDWR | O_CLOEXEC | (flags & H5F_ACC_CREAT ? O_CREAT : 0), 0666);
    if (driver->fd < 0)
        return errno;
    int error = snw_lock(driver->fd, name);
    if (error)
        return error;
    driver->journal_fd = open(journal, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (driver->journal_fd < 0)
        return errno;
    if (flags & H5F_ACC_TRUNC) {
        if (ftruncate(driver->fd, 0) != 0 || ftruncate(driver->journal_fd, 0) != 0)
            return errno;
    } else if ((error = snw_rewrites_replay(driver->journal_fd, driver->fd, &driver->sum)) != 0) {
        return error;
    }
    if (fstat(driver->fd, &info) != 0)
        return errno;
    driver->device = info.st_dev;
    driver->inode = info.st_ino;
    driver->end = driver->committed = driver->sent = (uint64_t)info.st_size;
    return snw_pages_touch(&driver->pages, 0, driver->end);
}

static herr_t driver_close(H5FD_t *file)
{
    struct driver *driver = (struct driver *)file;
    if (driver->journal_fd >= 0)
        close(driver->journal_fd);
    int error = driver->fd >= 0 && close(driver->fd) != 0 ? errno : 0;
    herr_t result = error ? fail_unless_closing(driver, error) : 0;
    snw_rewrites_free(&driver->rewrites);
    snw_pages_free(&driver->pages);
    free(driver->proof);
    free(driver);
    return result;
}

static H5FD_t *driver_open(const char *name, unsigned flags, hid_t access_list, haddr_t longest)
{
    struct driver *driver = calloc(1, sizeof *driver);
    (void)access_list;
    (void)longest;
    if (!driver) {
        fail(ENOMEM);
        return NULL;
    }
    driver->fd = driver->journal_fd = -1;
    int error = driver_start(driver, name, flags);
    if (!error)
        return &driver->base;
    driver_close(&driver->base);
    fail(error);
    return NULL;
}

static int driver_cmp(const H5FD_t *a, const H5FD_t *b)
{
    const struct driver *x = (const struct driver *)a, *y = (const struct driver *)b;
    if (x->device != y->device)
        return x->device < y->device ? -1 : 1;
    return x->inode == y->inode ? 0 : x->inode < y->inode ? -1 : 1;
}

static herr_t driver_query(const H5FD_t *file, unsigned long *flags)
{
    (void)file;
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
             H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
    return 0;
}

static haddr_t driver_get_eoa(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const struct driver *)file)->allocated;
}

static herr_t driver_set_eoa(H5FD_t *file, H5FD_mem_t type, haddr_t address)
{
    (void)type;
    ((struct driver *)file)->allocated = address;
    return 0;
}

static haddr_t driver_get_eof(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const struct driver *)file)->end;
}

static herr_t driver_get_handle(H5FD_t *file, hid_t access_list, void **handle)
{
    (void)access_list;
    *handle = file;
    return 0;
}

/* The file's bytes (zeros behind its end) with the waiting rewrites laid over them. */
static herr_t driver_read(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address,
                          size_t n_bytes, void *buffer)
{
    const struct driver *driver = (const struct driver *)file;
    unsigned char *bytes = buffer;
    size_t done = 0;
    (void)type;
    (void)transfer;
    int error = snw_read_at(driver->fd, bytes, n_bytes, address, &done);
    if (error)
        return fail(error);
    memset(bytes + done, 0, n_bytes - done);
    snw_rewrites_overlay(&driver->rewrites, bytes, n_bytes, address);
    return 0;
}

/* Has the disk write what is new while the run goes on, so that a commit has little to wait for. A
   hint: a failure shows at the commit. */
static void send_to_disk(struct driver *driver)
{
    enum { PIECE = 8 << 20 };
    if (driver->end < driver->sent + PIECE)
        return;
#ifdef SYNC_FILE_RANGE_WRITE
    (void)sync_file_range(driver->fd, (off_t)driver->sent, (off_t)(driver->end - driver->sent),
                          SYNC_FILE_RANGE_WRITE);
#endif
    driver->sent = driver->end;
}

static herr_t driver_write(H5FD_t *file, H5FD_mem_t type, hid_t transfer, haddr_t address,
                           size_t n_bytes, const void *buffer)
{
    struct driver *driver = (struct driver *)file;
    const unsigned char *bytes = buffer;
    size_t n_old = 0;
    int error = 0;
    (void)type;
    (void)transfer;
    if (driver->given_up)
        return 0;
    if (address < driver->committed) {
        uint64_t old = driver->committed - address;
        n_old = old < n_bytes ? (size_t)old : n_bytes;
        error = snw_rewrites_add(&driver->rewrites, bytes, n_old, address);
    }
    if (!error)
        error = snw_pages_write(&driver->pages, bytes + n_old, address + n_old, n_bytes - n_old);
    if (!error)
        error = snw_write_at(driver->fd, bytes + n_old, n_bytes - n_old, address + n_old);
    if (error)
        return fail_unless_closing(driver, error);
    if (address + n_bytes > driver->end)
        driver->end = address + n_bytes;
    send_to_disk(driver);
    return 0;
}

/* The file grows as HDF5 wants, but is cut only when closed, after a last commit. */
static herr_t driver_truncate(H5FD_t *file, hid_t transfer, hbool_t closing)
{
    struct driver *driver = (struct driver *)file;
    (void)transfer;
    if (driver->given_up)
        return 0;
    if (driver->allocated > driver->end) {
        if (ftruncate(driver->fd, (off_t)driver->allocated) != 0)
            return fail_unless_closing(driver, errno);
        int error = snw_pages_touch(&driver->pages, driver->end, driver->allocated - driver->end);
        if (error)
            return fail_unless_closing(driver, error);
        driver->end = driver->allocated;
    }
    if (!closing)
        return 0;
    int error = commit(driver);
    if (!error && driver->allocated < driver->end &&
        ftruncate(driver->fd, (off_t)driver->allocated) != 0)
        error = errno;
    return error ? fail_unless_closing(driver, error) : 0;
}

/* The lock was taken at opening and goes with the descriptor. */
static herr_t driver_lock(H5FD_t *file, hbool_t exclusive)
{
    (void)file;
    (void)exclusive;
    return 0;
}

static herr_t driver_unlock(H5FD_t *file)
{
    (void)file;
    return 0;
}

static const H5FD_class_t driver_class = {
    .name = "sinew_journal",
    .maxaddr = (haddr_t)1 << 62,
    .fc_degree = H5F_CLOSE_WEAK,
    .open = driver_open,
    .close = driver_close,
    .cmp = driver_cmp,
    .query = driver_query,
    .get_eoa = driver_get_eoa,
    .set_eoa = driver_set_eoa,
    .get_eof = driver_get_eof,
    .get_handle = driver_get_handle,
    .read = driver_read,
    .write = driver_write,
    .truncate = driver_truncate,
    .lock = driver_lock,
    .unlock = driver_unlock,
    .fl_map = H5FD_FLMAP_DICHOTOMY,
};

/* Registered for good: HDF5 still reads the driver's class after it has closed the last file. */
herr_t snw_journal_use(hid_t access_list)
{
    static hid_t id = -1;
    if (id < 0)
        id = H5FDregister(&driver_class);
    return id < 0 ? -1 : H5Pset_driver(access_list, id, NULL);
}

static struct driver *driver_of(hid_t file)
{
    void *handle = NULL;
    return H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0 ? NULL : handle;
}

int snw_journal_commit(hid_t file)
{
    struct driver *driver = driver_of(file);
    return driver ? commit(driver) : EBADF;
}

/* What a proof begins with; the hashes of the pages follow. */
struct proof {
    struct snw_journal_sum sum;
    uint64_t end;
};

int snw_journal_proof(hid_t file, const void **bytes, size_t *n_bytes)
{
    struct driver *driver = driver_of(file);
    if (!driver)
        return EBADF;
    struct proof proof = {driver->sum, driver->committed};
    size_t n = snw_pages_count(proof.end) * sizeof *driver->pages.hash;
    free(driver->proof);
    driver->proof = malloc(sizeof proof + n);
    if (!driver->proof)
        return ENOMEM;
    memcpy(driver->proof, &proof, sizeof proof);
    memcpy(driver->proof + sizeof proof, driver->pages.hash, n);
    *bytes = driver->proof;
    *n_bytes = sizeof proof + n;
    return 0;
}

/* A journal that is whole and not the proof's is of a later commit, which the proof can't judge. */
static snw_status verify(const struct driver *driver, const char *path, const void *bytes,
                         size_t n_bytes, struct snw_ctx *ctx)
{
    static const struct snw_journal_sum none;
    struct proof proof = {.end = 0};
    uint64_t bad;
    if (n_bytes >= sizeof proof)
        memcpy(&proof, bytes, sizeof proof);
    if (n_bytes < sizeof proof ||
        (n_bytes - sizeof proof) / sizeof(uint64_t) != snw_pages_count(proof.end))
        return snw_fail(ctx, SNW_ERR_FORMAT, "%s.checkpoint: the proof is damaged", path);
    if (driver->end < proof.end)
        return snw_fail(ctx, SNW_ERR_FORMAT,
                        "%s: cut short, it has %llu bytes and %llu were committed", path,
                        (unsigned long long)driver->end, (unsigned long long)proof.end);
    if (memcmp(&driver->sum, &none, sizeof none) != 0 &&
        memcmp(&driver->sum, &proof.sum, sizeof none) != 0)
        return SNW_OK;
    const uint64_t *hashes = (const void *)((const char *)bytes + sizeof proof);
    int error = snw_pages_verify(hashes, driver->fd, proof.end, &bad);
    if (error)
        return snw_fail_io(ctx, path, "read", error);
    if (bad < proof.end)
        return snw_fail(ctx, SNW_ERR_FORMAT,
                        "%s: damaged, behind byte %llu it is not what was "
                        "committed",
                        path, (unsigned long long)bad);
    return SNW_OK;
}

snw_status snw_journal_verify(const char *path, const void *proof, size_t n_bytes,
                              struct snw_ctx *ctx)
{
    struct driver driver = {.fd = -1, .journal_fd = -1};
    int error = driver_start(&driver, path, 0);
    snw_status status = error == EAGAIN
                            ? snw_fail(ctx, SNW_ERR_IO, "%s: another run is writing it", path)
                        : error ? snw_fail_io(ctx, path, "open", error)
                                : verify(&driver, path, proof, n_bytes, ctx);
    if (driver.journal_fd >= 0)
        close(driver.journal_fd);
    if (driver.fd >= 0)
        close(driver.fd);
    snw_pages_free(&driver.pages);
    return status;
}

int snw_journal_hold(hid_t file)
{
    struct driver *driver = driver_of(file);
    return driver ? fcntl(driver->fd, F_DUPFD_CLOEXEC, 0) : -1;
}

int snw_journal_close(hid_t file, bool give_up)
{
    struct driver *driver = driver_of(file);
    int trouble = 0;
    if (!driver)
        return EBADF;
    driver->trouble = &trouble;
    driver->given_up = driver->given_up || give_up;
    return H5Fclose(file) < 0 && trouble == 0 ? EIO : trouble;
}

snw_status snw_journal_remove(const char *path, struct snw_ctx *ctx)
{
    char journal[SNW_PATH_MAX];
    snw_status status = snw_path_join(journal, sizeof journal, path, ".journal", ctx);
    if (status == SNW_OK && unlink(journal) != 0 && errno != ENOENT)
        return snw_fail_io(ctx, journal, "remove", errno);
    return status;
}
