namespace Kinetra.Build.Core.Processes;

/// <summary>What the watchdog's shell does. Written for any POSIX shell: dash, bash and busybox are tried by the tests.</summary>
internal static class WatchdogScript
{
    /// <summary>
    /// The script. Its first argument is the grace period in hundredths of a second; with a second one, <c>table</c>, the
    /// descriptor 3 is the <see cref="WatchedTable"/> of the living attempts. Its input has a line for each event that the table does not tell:
    /// <c>mark NUMBER TEXT</c> before an attempt is started, <c>group NUMBER PID</c> after it, <c>end NUMBER</c> when it has
    /// ended, <c>bye</c> at the end of the run. An end of the input without a <c>bye</c> is the death of the build: what has
    /// been started and has not ended is told to stop, and killed after the grace period.
    /// </summary>
    public const string Text = """
        # The build's own signals are not for the watchdog, nor is what the build was given to hold open for others.
        trap '' HUP INT QUIT TERM
        [ "$2" = table ] || exec 3>&-
        exec 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-

        # Of the living attempts only: " 7/MARK 9/MARK " and " 7/PID 9/PID ".
        marks=' '
        groups=' '
        while read -r verb number value; do
          case $verb in
            mark) marks="$marks$number/$value " ;;
            group) groups="$groups$number/$value " ;;
            end)
              case $marks in *" $number/"*) rest=${marks#*" $number/"} marks="${marks%%" $number/"*} ${rest#* }" ;; esac
              case $groups in *" $number/"*) rest=${groups#*" $number/"} groups="${groups%%" $number/"*} ${rest#* }" ;; esac ;;
            bye) exit 0 ;;
          esac
        done
        if [ "$2" = table ]; then
          number=0
          while read -r mark group; do
            number=$((number + 1))
            [ -z "$mark" ] || marks="$marks""t$number/$mark "
            [ -z "$group" ] || groups="$groups""t$number/$group "
          done <&3
          exec 3>&-
        fi
        [ "$marks" != ' ' ] || exit 0

        patterns=
        sessions=' '
        targets=
        for mark in $marks; do patterns="$patterns -e ${mark#*/}"; done
        for group in $groups; do sessions="$sessions${group#*/} " targets="$targets -${group#*/}"; done

        # In hundredths of a second; the clock on the wall only where there is no other.
        now() {
          if read -r now rest < /proc/uptime; then now=${now%.*}${now#*.}; else now=$(date +%s)00; fi
        }

        # The processes whose environment has a mark. The grep of busybox sees nothing behind a NUL byte.
        marked() {
          if printf 'a\0b\n' | grep -qF b; then
            grep -lsF $patterns /proc/[0-9]*/environ
          else
            for file in /proc/[0-9]*/environ; do
              tr '\0' '\n' < "$file" | grep -qF $patterns && echo "$file"
            done
          fi | while read -r file; do file=${file#/proc/}; echo "${file%/environ}"; done
        }

        # The processes of the attempts' sessions, zombies left out: pid (name) state ppid pgrp session …
        members() {
          cat /proc/[0-9]*/stat | while read -r line; do
            pid=${line%% *}
            set -- ${line##*) }
            case $1 in Z | X) continue ;; esac
            case $sessions in *" $4 "*) echo "$pid" ;; esac
          done
        }

        # What lives. Without /proc there is no list of processes, and the groups have to do.
        scan() {
          alive=
          if [ -r /proc/self/environ ]; then
            alive=$(marked; members)
          else
            for target in $targets; do kill -0 $target && alive="$alive $target"; done
          fi
        }

        # Each is told once, as many take a second signal for "at once": the groups as such, and who has left them.
        tell() {
          for pid in $alive; do
            if read -r line < "/proc/$pid/stat"; then
              line=${line##*) }
              set -- $line
              case $sessions in *" $3 "*) ;; *) kill -TERM "$pid" ;; esac
            fi
          done
          for target in $targets; do kill -TERM $target; done
        }

        # A process that was just being started shows its mark only after a moment; and while processes are being killed,
        # one of them may start another. So it is over when nothing was found five times in a row, or there is no point.
        sleep 0.1 || sleep 1
        now
        deadline=$((now + $1))
        scan
        tell
        quiet=0
        while [ $quiet -lt 5 ]; do
          sleep 0.1 || sleep 1
          scan
          now
          if [ -z "$alive" ]; then
            quiet=$((quiet + 1))
          elif [ "$now" -ge $((deadline + 6000)) ]; then
            exit 1
          else
            quiet=0
            [ "$now" -lt "$deadline" ] || kill -KILL $targets $alive
          fi
        done
        """;
}
