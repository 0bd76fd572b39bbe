#!/bin/sh
# The workbench in a real terminal: sh run.sh BINARY DATABASE. Each test prints `ok NAME`, `FAIL NAME` or `skip NAME`;
# the status is 1 if one failed. DATABASE holds at least two runs, of several snapshots each. Nothing here waits for a
# fixed time: every wait is for something on the screen, with a limit.
set -u

binary=$(realpath "${1:?the binary}") || exit 2
database=$(realpath -e "${2:?the database}") || exit 2
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
socket=$work/tmux
failed=0
export LC_ALL=C.UTF-8 XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config"
unset LINES COLUMNS NO_COLOR TMUX COLORFGBG 2>/dev/null

if ! command -v tmux >/dev/null; then
    echo "skip tui (no tmux)"
    exit 0
fi
trap 'tmux -S "$socket" kill-server 2>/dev/null; rm -rf "$work"' EXIT

t() {
    tmux -S "$socket" "$@"
}

screen() {
    t capture-pane -p -t w 2>/dev/null
}

fail() {
    echo "FAIL $name: $*"
    screen | sed 's/^/    |/'
    failed=1
    good=0
}

# await PATTERN: until a line of the screen matches; patience for slow machines and sanitizers
await() {
    tries=0
    until screen | grep -Eq -- "$1"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 600 ]; then
            fail "never saw /$1/"
            return 1
        fi
        sleep 0.05
    done
}

# A shell in a window of its own: start NAME COLUMNSxROWS
start() {
    name=$1
    good=1
    t kill-server 2>/dev/null
    # the one before may still be writing its session there
    until [ "${KEEP_STATE:-no}" = yes ] || rm -rf "$work/state" 2>/dev/null; do
        sleep 0.05
    done
    tries=0
    until t -f /dev/null new-session -d -s w -x "${2%x*}" -y "${2#*x}" \
        "env PS1='ready> ' ENV= TERM=${TERM_TESTED:-xterm-256color} sh" 2>/dev/null; do
        tries=$((tries + 1))
        [ "$tries" -gt 100 ] && { fail "no tmux"; return 1; }
        sleep 0.05
    done
    t set-option -g remain-on-exit on
    await '^ready>'
}

type_line() {
    t send-keys -t w -l "$1"
    t send-keys -t w Enter
}

key() {
    t send-keys -t w "$@"
}

# The screen may show what was typed before: that it ended is told by a line that only comes then.
open_workbench() {
    type_line "'$binary' --db '$database'; echo \"status \$?\" $*"
}

finish() {
    if [ "$good" -eq 1 ]; then
        echo "ok $name"
    fi
}

# The process of the workbench: the shell's child.
workbench() {
    pgrep -P "$(t display-message -p -t w '#{pane_pid}')" | head -n 1
}

# ---- it opens, obeys keys, and leaves the terminal as it was ----

start "opens, obeys and leaves the terminal as it was" 100x30
type_line "stty -a >'$work/before'; clear"
await '^ready>$'
open_workbench
await '^ +run'
key Enter
await '1 DPI.*2 IP.*3 M-IP'
await 'h 5 '
key w
await 'h 4\.762\*'
key u
await 'h 5 '
key '='
key -l 'alpha 2'
key Enter
await 'alpha 2\*'
key '?'
await 'Parameters'
key q
await '1 DPI'
key q
await '^status 0'
type_line "stty -a >'$work/after'; echo done"
await '^done'
cmp -s "$work/before" "$work/after" || fail "stty is not as it was"
[ "$(t display-message -p -t w '#{alternate_on}')" = 0 ] || fail "the alternate screen is still on"
[ "$(t display-message -p -t w '#{cursor_flag}')" = 1 ] || fail "the cursor is still hidden"
finish

# ---- a held key ----

start "a held key stays smooth" 120x40
open_workbench
await '^ +run'
key Enter
await 'I\(X;T\) +[0-9]'
count=0
while [ "$count" -lt 100 ]; do
    key wwwwWWWW
    count=$((count + 1))
done
key w
await 'h 4\.762\*'
finish

# ---- the mouse, and pastes ----

mouse_is() {
    [ "$(t display-message -p -t w '#{mouse_any_flag}')" = "$1" ] || fail "mouse reports: not $1 $2"
}

start "the wheel moves through the runs" 100x30
mouse_is 0 "before"
open_workbench
await '^ +run'
second=$(screen | awk 'NR == 4 { print $1 }')
mouse_is 1 "while it runs"
key -l "$(printf '\033[<65;5;5M')"
key Enter
await "^ infoflow +$second"
key C-z
await 'Stopped|suspended'
mouse_is 0 "while it is suspended"
type_line 'fg; echo "status $?"'
await "^ infoflow +$second"
mouse_is 1 "when it is back"
key q
await '^status 0'
mouse_is 0 "when it has ended"
finish

start "a paste runs nothing" 100x30
open_workbench
await '^ +run'
t set-buffer "$(printf '\rq\nq\n')"
t paste-buffer -p -t w
key /
t set-buffer "$(printf 'no such\nrun\n')"
t paste-buffer -p -t w
await '^ */no such run'
key Enter
await 'no run has .no such run'
key q
await '^status 0'
finish

# ---- resizing ----

start "survives a storm of sizes" 140x45
open_workbench
await '^ +run'
key Enter
await 'Runs +1 of '
for size in 80x24 200x60 30x8 100x30 60x12 1x1 140x45 39x9 300x90 80x24; do
    t resize-window -t w -x "${size%x*}" -y "${size#*x}"
done
await '1 DPI'
if screen | grep -q '2 IP'; then
    fail "more than one panel at 80x24"
fi
[ "$(screen | wc -l)" -le 24 ] || fail "more than 24 lines at 80x24"
t resize-window -t w -x 30 -y 8
await '30x8 is too small: 40x10'
t resize-window -t w -x 140 -y 45
await '1 DPI.*2 IP.*3 M-IP'
t resize-window -t w -x 20 -y 5
await '20x5 is too small'
key q
await '^status 0'
finish

# ---- suspending ----

start "is suspended and comes back" 100x30
open_workbench
await '^ +run'
key Enter
await '2 IP'
key C-z
await 'Stopped|suspended'
type_line "echo 'in between'"
await '^in between'
t resize-window -t w -x 120 -y 40
type_line 'fg; echo "status $?"'
await '1 DPI.*2 IP.*3 M-IP'
key W
await 'h 5\.25\*'
key q
await '^status 0'
finish

# ---- signals ----

for signal in TERM HUP INT; do
    start "SIG$signal ends it in order" 100x30
    open_workbench "; stty -a >'$work/after'; echo done"
    await '^ +run'
    key Enter
    await '2 IP'
    kill -s "$signal" "$(workbench)"
    case $signal in TERM) number=15 ;; HUP) number=1 ;; INT) number=2 ;; esac
    await "^status $((128 + number))"
    await '^done'
    [ "$(t display-message -p -t w '#{alternate_on}')" = 0 ] || fail "the alternate screen is still on"
    cmp -s "$work/before" "$work/after" || fail "stty is not as it was"
    finish
done

for signal in SEGV ABRT; do
    start "SIG$signal gives the terminal back" 100x30
    open_workbench "; stty -a >'$work/after'; echo done"
    await '^ +run'
    key Enter
    await '2 IP'
    kill -s "$signal" "$(workbench)"
    await '^status [1-9]'
    await '^done'
    [ "$(t display-message -p -t w '#{alternate_on}')" = 0 ] || fail "the alternate screen is still on"
    [ "$(t display-message -p -t w '#{cursor_flag}')" = 1 ] || fail "the cursor is still hidden"
    mouse_is 0 "after a crash"
    cmp -s "$work/before" "$work/after" || fail "stty is not as it was"
    finish
done

# ---- a session that was cut off ----

start "goes on where it was cut off" 100x30
open_workbench
await '^ +run'
key Enter
await '2 IP'
key 3 W
await 'h 5\.25\*'
await_file() { # until a file is there that has the line
    tries=0
    until grep -qs "$1" "$work"/state/infoflow/session-*; do
        tries=$((tries + 1))
        [ "$tries" -gt 600 ] && { fail "no session with $1"; return 1; }
        sleep 0.05
    done
}
await_file '^h 5\.25'
kill -s KILL "$(workbench)"
KEEP_STATE=yes start "goes on where it was cut off" 100x30
open_workbench
await '^3 M-IP'
await 'h 5\.25\*'
key q
await '^status 0'
ls "$work"/state/infoflow/session-* >/dev/null 2>&1 && fail "the session is still there after q"
finish

# ---- what a terminal sends ----

if command -v python3 >/dev/null; then
    python3 "$here/idle.py" "$binary" "$database" || failed=1
    python3 "$here/held.py" "$binary" "$database" || failed=1
else
    echo "skip idle.py and held.py (no python3)"
fi

# ---- poor terminals ----

TERM_TESTED=vt100
start "does without colours and Unicode" 80x24
type_line "export LC_ALL=C; clear"
await '^ready>$'
open_workbench
await '^ +run'
key Enter
await '1 DPI'
if screen | LC_ALL=C grep -q '[^ -~]'; then
    fail "something that is not ASCII"
fi
key q
await '^status 0'
finish

TERM_TESTED=dumb
start "says so where no screen can be shown" 80x24
open_workbench
await '^status [1-9]'
screen | grep -q '^infoflow: ' || fail "no message"
finish

exit $failed
