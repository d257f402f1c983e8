/* A file for each of 256 beginnings of keys, made under another name and renamed. */
#define _POSIX_C_SOURCE 200809L
#include "store/kept.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "store/hash.h"
#include "store/io.h"

struct header {
    char key[SNW_SHA256_TEXT + 7]; /* without holes */
    uint64_t n_bytes, low, high;
};

static void fill(struct header *header, const char *key, const void *bytes, size_t n_bytes)
{
    XXH128_hash_t hash = XXH3_128bits(bytes, n_bytes);
    *header = (struct header){.n_bytes = n_bytes, .low = hash.low64, .high = hash.high64};
    memcpy(header->key, key, SNW_SHA256_TEXT);
}

/* @return whether there is a folder to keep files in, its path in text; made where `make`. */
static bool find_folder(bool make, char *text, size_t size)
{
    const char *own = getenv("SINEW_CACHE"), *cache = getenv("XDG_CACHE_HOME");
    const char *home = getenv("HOME");
    if (own && *own)
        snprintf(text, size, "%s", own);
    else if (cache && *cache == '/')
        snprintf(text, size, "%s", cache);
    else if (home && *home == '/')
        snprintf(text, size, "%s/.cache", home);
    else
        return false;
    if (own && strcmp(own, "none") == 0)
        return false;
    if (make)
        mkdir(text, 0700);
    size_t n = strlen(text);
    if (!own || !*own)
        snprintf(text + n, size - n, "/sinew");
    if (make)
        mkdir(text, 0700);
    return strlen(text) + 32 < size; /* a file's name fits */
}

static void add_name(char *path, size_t size, const char *key)
{
    size_t n = strlen(path);
    snprintf(path + n, size - n, "/reference-%.2s", key);
}

bool snw_kept_read(const char *key, void *bytes, size_t n_bytes)
{
    char path[SNW_PATH_MAX];
    struct header found, wanted;
    size_t done = 0;
    if (!find_folder(false, path, sizeof path))
        return false;
    add_name(path, sizeof path, key);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool whole = snw_read_at(fd, &found, sizeof found, 0, &done) == 0 && done == sizeof found &&
                 snw_read_at(fd, bytes, n_bytes, sizeof found, &done) == 0 && done == n_bytes;
    close(fd);
    if (!whole)
        return false;
    fill(&wanted, key, bytes, n_bytes);
    return memcmp(&found, &wanted, sizeof found) == 0;
}

void snw_kept_write(const char *key, const void *bytes, size_t n_bytes)
{
    char path[SNW_PATH_MAX], draft[SNW_PATH_MAX + 16];
    struct header header;
    if (!find_folder(true, path, sizeof path))
        return;
    add_name(path, sizeof path, key);
    snprintf(draft, sizeof draft, "%s.%ld", path, (long)getpid());
    int fd = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    fill(&header, key, bytes, n_bytes);
    bool whole = snw_write_at(fd, &header, sizeof header, 0) == 0 &&
                 snw_write_at(fd, bytes, n_bytes, sizeof header) == 0;
    whole = close(fd) == 0 && whole;
    if (!whole || rename(draft, path) != 0)
        unlink(draft);
}
