// The least that a durable write can cost on this file system, without any runtime around it. A co-process: for each line
// "N" on stdin it does N operations and prints how many microseconds each took, on one line.
//
//   durable write FOLDER SIZE       a new version of a file: temporary file, fsync, rename, fsync of the directory
//   durable protected FOLDER SIZE   the same with a durable backup of the old version and a durable record of the new one
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { KEEP = 3, RECORD = 137, MANIFEST_LINE = 200 };

static const char *folder;
static char *content;
static size_t size;
static long serial;

static void fail(const char *what)
{
    fprintf(stderr, "durable: %s: %s\n", what, strerror(errno));
    exit(1);
}

static char *at(const char *directory, const char *name)
{
    static char paths[4][4096];
    static int next;
    char *path = paths[next++ % 4];
    if (snprintf(path, sizeof paths[0], "%s/%s/%s", folder, directory, name) >= (int)sizeof paths[0])
    {
        errno = ENAMETOOLONG;
        fail(name);
    }

    return path;
}

static int create(const char *path)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
    {
        fail(path);
    }

    return file;
}

static void put(int file, const char *bytes, size_t count)
{
    while (count > 0)
    {
        ssize_t written = write(file, bytes, count);
        if (written < 0)
        {
            fail("write");
        }

        bytes += written;
        count -= (size_t)written;
    }
}

static void flush_directory(const char *directory)
{
    int handle = open(at(directory, "."), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0 || fsync(handle) != 0)
    {
        fail(directory);
    }

    close(handle);
}

static void flush_and_close(int file)
{
    if (fsync(file) != 0)
    {
        fail("fsync");
    }

    close(file);
}

static void move(const char *from, const char *to)
{
    if (rename(from, to) != 0)
    {
        fail("rename");
    }
}

static void write_durably(void)
{
    const char *temporary = at("target", ".c.tmp");
    int file = create(temporary);
    put(file, content, size);
    flush_and_close(file);
    move(temporary, at("target", "file.txt"));
    flush_directory("target");
}

static void back_up(void)
{
    const char *temporary = at("backups", ".c.tmp");
    int from = open(at("target", "file.txt"), O_RDONLY | O_CLOEXEC);
    if (from < 0)
    {
        fail("target");
    }

    int to = create(temporary);
    for (size_t left = size; left > 0;)
    {
        ssize_t copied = copy_file_range(from, NULL, to, NULL, left, 0);
        if (copied <= 0)
        {
            fail("copy_file_range");
        }

        left -= (size_t)copied;
    }

    close(from);
    flush_and_close(to);
    char name[64];
    snprintf(name, sizeof name, "file.txt.%ld.bak", serial);
    move(temporary, at("backups", name));
    flush_directory("backups");

    char line[MANIFEST_LINE];
    memset(line, '.', sizeof line);
    line[sizeof line - 1] = '\n';
    int manifest = open(at("backups", "manifest"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (manifest < 0)
    {
        fail("manifest");
    }

    put(manifest, line, sizeof line);
    if (fdatasync(manifest) != 0)
    {
        fail("fdatasync");
    }

    close(manifest);

    // Rotation: what goes needs no flush, as an old backup that comes back after a power cut does no harm.
    snprintf(name, sizeof name, "file.txt.%ld.bak", serial - KEEP);
    unlink(at("backups", name));
}

static void write_protected(void)
{
    back_up();

    char record[RECORD];
    memset(record, 'a', sizeof record);
    const char *pending = at("records", "file.txt.pending");
    int file = create(pending);
    put(file, record, sizeof record);
    flush_and_close(file);
    flush_directory("records");

    write_durably();

    // Settled: either content is accepted until then, so this needs no flush.
    unlink(at("records", "file.txt.pending"));
    serial++;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

int main(int count, char **arguments)
{
    if (count != 4)
    {
        fprintf(stderr, "usage: durable write|protected FOLDER SIZE\n");
        return 64;
    }

    void (*operation)(void) = strcmp(arguments[1], "protected") == 0 ? write_protected : write_durably;
    folder = arguments[2];
    size = strtoul(arguments[3], NULL, 10);
    content = malloc(size);
    if (content == NULL)
    {
        fail("malloc");
    }

    unsigned random = 1;
    for (size_t i = 0; i < size; i++)
    {
        random = random * 1103515245u + 12345u;
        content[i] = (char)('a' + (random >> 16) % 26);
    }

    const char *directories[] = { "", "target", "backups", "records" };
    for (int i = 0; i < 4; i++)
    {
        if (mkdir(at(directories[i], ""), 0700) != 0 && errno != EEXIST)
        {
            fail(directories[i]);
        }
    }

    write_durably();
    char line[32];
    while (fgets(line, sizeof line, stdin) != NULL)
    {
        for (long left = strtol(line, NULL, 10); left > 0; left--)
        {
            double start = now();
            operation();
            printf("%.3f%c", now() - start, left == 1 ? '\n' : ' ');
        }

        fflush(stdout);
    }

    return 0;
}
