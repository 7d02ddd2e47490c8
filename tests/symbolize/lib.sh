# Counting and saying what came out; sourced by the scripts that need a server.
# shellcheck shell=sh

# They are read by the scripts.
passed=0 failed=0
have() { command -v "$1" >/dev/null 2>&1; }
pass() { passed=$((passed + 1)); }
fail() {
	failed=$((failed + 1))
	echo "FAIL $1"
	shift
	[ $# -eq 0 ] || head -n 20 "$@"
}

# says WHAT PATTERN FILE; silent WHAT PATTERN FILE: the opposite
says() { if grep -q -e "$2" "$3"; then pass; else fail "$1: no $2" "$3"; fi; }
silent() { if grep -q -e "$2" "$3"; then fail "$1: $2" "$3"; else pass; fi; }

# wait_for FILE PID: until the file is there; false when the program ended before.
wait_for() {
	tries=100
	while [ ! -s "$1" ] && [ $tries -gt 0 ] && kill -0 "$2" 2>/dev/null; do
		sleep 0.1
		tries=$((tries - 1))
	done
	[ -s "$1" ]
}
