// The least that a chain of steps can cost: one process after the other, with nothing around them.
//
//   spawn COUNT PROGRAM
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

int main(int count, char **arguments)
{
    if (count != 3)
    {
        fprintf(stderr, "usage: spawn COUNT PROGRAM\n");
        return 64;
    }

    char *step[] = { arguments[2], NULL };
    for (long left = strtol(arguments[1], NULL, 10); left > 0; left--)
    {
        pid_t child;
        int status;
        int error = posix_spawnp(&child, step[0], NULL, NULL, step, environ);
        if (error != 0)
        {
            fprintf(stderr, "spawn: %s: %s\n", step[0], strerror(error));
            return 1;
        }

        if (waitpid(child, &status, 0) < 0 || status != 0)
        {
            fprintf(stderr, "spawn: %s failed\n", step[0]);
            return 1;
        }
    }

    return 0;
}
