#!/usr/bin/env bash
# Runs all tests in their full form, for an hour or so, and prints how many of how many cases passed.
#
# "dotnet test" tries what fits into a minute: kills before half of the calls that change something, a sample of the faults. The full
# form, before a release and after a change of the file operations, tries everything:
#
#   KINETRA_FULL=1        every system call of every operation: killed before it, failed with each of nine errors; the
#                         processes of the concurrency test run for 20 s
#                         200 workflows are killed at random moments and continued until they complete; KINETRA_KILL_SEED
#                         repeats one of them
#   KINETRA_FUZZ_CASES    how many inputs each reader of a file format gets
#
# Results are in artifacts/torture/, a file for each sweep, with what is wrong below the first line. Arguments go to
# "dotnet test". Most of it needs Linux and strace; the full disks need root or user namespaces.
set -uo pipefail
cd "$(dirname "$0")/.."

export DOTNET_CLI_UI_LANGUAGE=en
export KINETRA_FULL=1
export KINETRA_FUZZ_CASES="${KINETRA_FUZZ_CASES:-10000000}"

rm -rf artifacts/torture
dotnet test "$@"
status=$?

echo
for result in artifacts/torture/*.txt; do
  [ -f "$result" ] && head -n 1 "$result"
done
exit "$status"
