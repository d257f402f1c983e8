/* The journal of a file, and the HDF5 driver that feeds it. */
#define _POSIX_C_SOURCE 200809L
#define _DEFAULT_SOURCE /* flock */
#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "store/io.h"

/* A rewrite that waits: the record in the journal, followed by its bytes. */
struct rewrite {
    uint64_t address, n_bytes;
};

struct journal_header {
    char magic[8];
    uint64_t n_bytes;  /* of the rewrites behind */
    uint64_t file_end; /* length that the file had */
    uint64_t checksum[2];
};

static const char magic[8] = {'S', 'N', 'W', 'J', 'R', 'N', 'L', '\n'};

struct driver {
    H5FD_t base; /* HDF5's part comes first */
    int fd;
    int journal_fd;
    bool given_up;
    int *trouble; /* once the file is being closed: where the first errno goes */
    dev_t device;
    ino_t inode;
    uint64_t committed;     /* below lies what the last commit needs */
    uint64_t end;           /* length of the file */
    haddr_t allocated;      /* what HDF5 thinks of as its end */
    unsigned char *waiting; /* (capacity,) header, then rewrites in the order asked for */
    size_t n_waiting, capacity;
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

static int write_at(int fd, const unsigned char *bytes, size_t n, uint64_t address)
{
    while (n > 0) {
        ssize_t done = pwrite(fd, bytes, n, (off_t)address);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return errno;
        bytes += done;
        address += (uint64_t)done;
        n -= (size_t)done;
    }
    return 0;
}

/* @param[out] done  bytes read, fewer than n at the end of the file only */
static int read_at(int fd, unsigned char *bytes, size_t n, uint64_t address, size_t *done)
{
    *done = 0;
    while (*done < n) {
        ssize_t got = pread(fd, bytes + *done, n - *done, (off_t)(address + *done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        if (got == 0)
            break;
        *done += (size_t)got;
    }
    return 0;
}

/* Takes the next rewrite at *at. @return its bytes, NULL behind the last one. */
static const unsigned char *next_rewrite(const unsigned char *bytes, size_t n, size_t *at,
                                         struct rewrite *rewrite)
{
    if (n - *at < sizeof *rewrite)
        return NULL;
    memcpy(rewrite, bytes + *at, sizeof *rewrite);
    if (rewrite->n_bytes > n - *at - sizeof *rewrite)
        return NULL;
    const unsigned char *values = bytes + *at + sizeof *rewrite;
    *at += sizeof *rewrite + rewrite->n_bytes;
    return values;
}

/* Puts the rewrites behind a header to their places. */
static int carry_out(int fd, const unsigned char *bytes, size_t n)
{
    struct rewrite rewrite;
    const unsigned char *values;
    for (size_t at = sizeof(struct journal_header);
         (values = next_rewrite(bytes, n, &at, &rewrite)) != NULL;) {
        int error = write_at(fd, values, rewrite.n_bytes, rewrite.address);
        if (error)
            return error;
    }
    return 0;
}

static void seal(unsigned char *bytes, size_t n, uint64_t file_end)
{
    struct journal_header header = {.n_bytes = n - sizeof header, .file_end = file_end};
    XXH128_hash_t sum = XXH3_128bits_withSeed(bytes + sizeof header, n - sizeof header, file_end);
    memcpy(header.magic, magic, sizeof magic);
    header.checksum[0] = sum.low64;
    header.checksum[1] = sum.high64;
    memcpy(bytes, &header, sizeof header);
}

static bool is_whole(const unsigned char *bytes, size_t n, struct journal_header *header)
{
    if (n < sizeof *header)
        return false;
    memcpy(header, bytes, sizeof *header);
    if (memcmp(header->magic, magic, sizeof magic) != 0 || header->n_bytes > n - sizeof *header)
        return false;
    XXH128_hash_t sum =
        XXH3_128bits_withSeed(bytes + sizeof *header, header->n_bytes, header->file_end);
    return sum.low64 == header->checksum[0] && sum.high64 == header->checksum[1];
}

/* Carries out a whole journal. A broken one was cut off before any rewrite had begun. */
static int replay(int journal_fd, int fd)
{
    struct stat info, file;
    struct journal_header header;
    size_t n = 0;
    if (fstat(journal_fd, &info) != 0 || fstat(fd, &file) != 0)
        return errno;
    if (info.st_size == 0)
        return 0;
    unsigned char *bytes = malloc((size_t)info.st_size);
    if (!bytes)
        return ENOMEM;
    int error = read_at(journal_fd, bytes, (size_t)info.st_size, 0, &n);
    if (!error && is_whole(bytes, n, &header)) {
        if ((uint64_t)file.st_size < header.file_end && ftruncate(fd, (off_t)header.file_end) != 0)
            error = errno;
        if (!error)
            error = carry_out(fd, bytes, sizeof header + header.n_bytes);
        if (!error && fsync(fd) != 0)
            error = errno;
    }
    free(bytes);
    return error;
}

static int commit(struct driver *driver)
{
    size_t n = driver->n_waiting;
    if (driver->given_up)
        return EIO;
    /* First what is new, and the rewrites of the journal that is about to be overwritten. */
    if (fsync(driver->fd) != 0)
        return errno;
    driver->committed = driver->end;
    if (n <= sizeof(struct journal_header))
        return 0;
    seal(driver->waiting, n, driver->end);
    int error = write_at(driver->journal_fd, driver->waiting, n, 0);
    if (!error && fsync(driver->journal_fd) != 0)
        error = errno;
    if (!error)
        error = carry_out(driver->fd, driver->waiting, n);
    driver->n_waiting = sizeof(struct journal_header);
    return error;
}

static int lock_file(int fd)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return 0;
    /* Some cluster file systems know no locks. */
    return errno == ENOSYS || errno == ENOTSUP || errno == ENOLCK ? 0 : errno;
}

/* Between opening and locking another run may have finished: the name is then another file's. */
static int still_named(int fd, const char *name)
{
    struct stat here, there;
    if (fstat(fd, &here) != 0)
        return errno;
    bool same =
        stat(name, &there) == 0 && here.st_dev == there.st_dev && here.st_ino == there.st_ino;
    return same ? 0 : EAGAIN;
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
    int error = lock_file(driver->fd);
    if (!error)
        error = still_named(driver->fd, name);
    if (error)
        return error;
    driver->journal_fd = open(journal, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (driver->journal_fd < 0)
        return errno;
    if (flags & H5F_ACC_TRUNC) {
        if (ftruncate(driver->fd, 0) != 0 || ftruncate(driver->journal_fd, 0) != 0)
            return errno;
    } else if ((error = replay(driver->journal_fd, driver->fd)) != 0) {
        return error;
    }
    if (fstat(driver->fd, &info) != 0)
        return errno;
    driver->device = info.st_dev;
    driver->inode = info.st_ino;
    driver->end = driver->committed = (uint64_t)info.st_size;
    return 0;
}

static herr_t driver_close(H5FD_t *file)
{
    struct driver *driver = (struct driver *)file;
    if (driver->journal_fd >= 0)
        close(driver->journal_fd);
    int error = driver->fd >= 0 && close(driver->fd) != 0 ? errno : 0;
    herr_t result = error ? fail_unless_closing(driver, error) : 0;
    free(driver->waiting);
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
    driver->n_waiting = sizeof(struct journal_header);
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
    const unsigned char *values;
    struct rewrite rewrite;
    size_t done = 0;
    (void)type;
    (void)transfer;
    int error = read_at(driver->fd, bytes, n_bytes, address, &done);
    if (error)
        return fail(error);
    memset(bytes + done, 0, n_bytes - done);
    for (size_t at = sizeof(struct journal_header);
         (values = next_rewrite(driver->waiting, driver->n_waiting, &at, &rewrite)) != NULL;) {
        uint64_t from = rewrite.address > address ? rewrite.address : address;
        uint64_t until = rewrite.address + rewrite.n_bytes;
        if (until > address + n_bytes)
            until = address + n_bytes;
        if (from < until)
            memcpy(bytes + (from - address), values + (from - rewrite.address), until - from);
    }
    return 0;
}

static int keep_waiting(struct driver *driver, const unsigned char *bytes, size_t n,
                        uint64_t address)
{
    struct rewrite rewrite = {address, n};
    size_t needed = driver->n_waiting + sizeof rewrite + n;
    if (needed > driver->capacity) {
        size_t capacity = needed + needed / 2 + 65536;
        unsigned char *more = realloc(driver->waiting, capacity);
        if (!more)
            return ENOMEM;
        driver->waiting = more;
        driver->capacity = capacity;
    }
    memcpy(driver->waiting + driver->n_waiting, &rewrite, sizeof rewrite);
    memcpy(driver->waiting + driver->n_waiting + sizeof rewrite, bytes, n);
    driver->n_waiting = needed;
    return 0;
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
        error = keep_waiting(driver, bytes, n_old, address);
    }
    if (!error)
        error = write_at(driver->fd, bytes + n_old, n_bytes - n_old, address + n_old);
    if (error)
        return fail_unless_closing(driver, error);
    if (address + n_bytes > driver->end)
        driver->end = address + n_bytes;
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

herr_t snw_journal_use(hid_t access_list)
{
    hid_t id = H5FDregister(&driver_class);
    if (id < 0)
        return -1;
    herr_t result = H5Pset_driver(access_list, id, NULL);
    H5Idec_ref(id); /* the list holds on to it */
    return result;
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
