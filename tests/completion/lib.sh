# What the tests of the shells share; sourced by them with $binary set. Each runs in a folder of its own with a file
# "profile one.pb", a file words.pb and a folder sources/.
# shellcheck shell=sh disable=SC2154 # $binary
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
export LC_ALL=C.UTF-8 HOME="$tmp" TERM=xterm PATH="${binary%/*}:$PATH"
mkdir "$tmp/here" "$tmp/here/sources"
cd "$tmp/here" || exit 2
: >words.pb
: >'profile one.pb'
passed=0 failed=0 skipped=0

# result WHAT STATUS: counts.
result() {
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1"
	fi
}

# same WHAT WANTED GOT
same() {
	[ "$2" = "$3" ]
	status=$?
	result "$1" $status
	[ $status -eq 0 ] || printf '  wanted: %s\n  got: %s\n' "$2" "$3"
}

# skip WHY: a part that cannot run here.
skip() {
	skipped=$((skipped + 1))
	echo "skipped: $1"
}

# need COMMAND PACKAGE
need() {
	command -v "$1" >/dev/null && return
	echo "skipped: $1 is not installed (package $2)"
	exit 77
}

# Is `script` there, and are there terminals for it?
have_terminal() { command -v script >/dev/null && script -qec true /dev/null >/dev/null 2>&1 </dev/null; }

need_terminal() {
	need script bsdutils
	have_terminal && return
	echo "skipped: this machine gives no terminals"
	exit 77
}

# What help lists: reports, and flags with their dash.
reports() { "$binary" help | sed -n '/^Reports:/,/^$/s/^  \([a-z]*\) .*/\1/p'; }
flags() { "$binary" help | sed -n 's/^  \(-[a-z_]*\) .*/\1/p'; }

# everything WHAT FILE: each report and each flag of help stands in FILE, a line each ("-unit" or "-unit=").
everything() {
	{
		reports | sed 's/^/-/'
		flags
	} | sort -u >"$tmp/wanted"
	sed 's/=$//' "$2" | sort -u >"$tmp/offered"
	missing=$(comm -23 "$tmp/wanted" "$tmp/offered")
	unknown=$(comm -13 "$tmp/wanted" "$tmp/offered" | grep -vxe -help -e -version)
	same "$1: what help lists and is not offered" "" "$missing"
	same "$1: what is offered and help does not list" "" "$unknown"
	result "$1: more than 70 flags" "$([ "$(wc -l <"$tmp/wanted")" -gt 70 ] && echo 0 || echo 1)"
}

# ---- a terminal ---------------------------------------------------------------------------------

# terminal_open COMMAND: starts it on a terminal of its own; what it prints goes to $tmp/screen. It has to prompt "ready> ".
terminal_open() {
	mkfifo "$tmp/keys"
	: >"$tmp/screen"
	script -qefc "stty rows 400 cols 250; $1" "$tmp/screen" <"$tmp/keys" >/dev/null 2>&1 &
	session=$!
	exec 3>"$tmp/keys"
	terminal_wait 'ready> '
}

# terminal_wait TEXT: until it is on the screen, at most 20 seconds.
terminal_wait() {
	tries=0
	until grep -qaF -e "$1" "$tmp/screen"; do
		tries=$((tries + 1))
		[ $tries -lt 200 ] || return 1
		sleep 0.1
	done
}

# completed LINE: what LINE is after the tabulator was pressed at its end. The shell's function `show`, put before it, tells.
completed() {
	: >"$tmp/shown"
	printf '%s\t\001show \r' "$1" >&3
	tries=0
	until [ -s "$tmp/shown" ] || [ $tries -ge 200 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	cat "$tmp/shown"
}

terminal_close() {
	printf '\003' >&3
	sleep 0.2
	printf '\025exit\r' >&3
	exec 3>&-
	tries=0
	while kill -0 "$session" 2>/dev/null && [ $tries -lt 100 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
	kill -KILL "$session" 2>/dev/null
	wait
	rm "$tmp/keys"
}

finish() {
	if [ $skipped -eq 0 ]; then
		echo "$passed passed, $failed failed"
	else
		echo "$passed passed, $failed failed, $skipped skipped"
	fi
	[ $failed -eq 0 ]
}
