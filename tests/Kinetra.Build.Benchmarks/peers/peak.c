// Runs a program and writes the largest resident size of it and of any process below it that was waited for, in KiB, to a file.
// Small on purpose: a child counts the size of the process that it was forked from, too.
//
//   peak FILE PROGRAM [ARGUMENT]...
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **arguments)
{
    if (count < 3)
    {
        fprintf(stderr, "usage: peak FILE PROGRAM [ARGUMENT]...\n");
        return 64;
    }

    pid_t child = fork();
    if (child == 0)
    {
        execvp(arguments[2], arguments + 2);
        fprintf(stderr, "peak: %s: %s\n", arguments[2], strerror(errno));
        _exit(127);
    }

    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) < 0)
    {
        fprintf(stderr, "peak: %s\n", strerror(errno));
        return 1;
    }

    FILE *file = fopen(arguments[1], "w");
    if (file == NULL || fprintf(file, "%ld\n", usage.ru_maxrss) < 0 || fclose(file) != 0)
    {
        fprintf(stderr, "peak: %s: %s\n", arguments[1], strerror(errno));
        return 1;
    }

    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
