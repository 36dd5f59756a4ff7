// The least that a step can cost on this machine: posix_spawn and waitpid, without any runtime around it. A co-process: for
// each line "N" on stdin it runs /bin/true N times, one after another, and prints how many microseconds each took, on one line.
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

int main(void)
{
    char *arguments[] = { "true", NULL };
    char line[32];
    while (fgets(line, sizeof line, stdin) != NULL)
    {
        for (long left = strtol(line, NULL, 10); left > 0; left--)
        {
            double start = now();
            pid_t child;
            int status;
            int error = posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environ);
            if (error != 0 || waitpid(child, &status, 0) != child || status != 0)
            {
                fprintf(stderr, "spawn: /bin/true: %s\n", strerror(error));
                return 1;
            }

            printf("%.3f%c", now() - start, left == 1 ? '\n' : ' ');
        }

        fflush(stdout);
    }

    return 0;
}
