# What the rows share; sourced by them, in the environment that ../run makes.
# shellcheck shell=sh
: "${CPROF:?} ${BIN:?} ${WORK:?} ${MODE?}"
rounds=5 milliseconds=2200
if [ "$MODE" = quick ]; then rounds=1 milliseconds=200; fi

# ---- the table ----------------------------------------------------------------------------------

title() { printf '%-46s %-24s %-22s\n' "$1" "${2:-figure}" "${3:-limit}"; }

# row NAME FIGURE LIMIT STATUS
row() {
	if [ "$4" -eq 0 ]; then
		verdict=ok
		echo passed >>"$WORK/tally"
	else
		verdict=NOT
		echo failed >>"$WORK/tally"
	fi
	printf '%-46s %-24s %-22s %s\n' "$1" "$2" "$3" "$verdict"
}

# noisy NAME FIGURE LIMIT STATUS: a row that depends on the machine.
noisy() {
	if [ "$MODE" = quick ]; then printf '%-46s %-24s %-22s %s\n' "$1" "$2" "$3" "not judged"; else row "$@"; fi
}

# skip NAME WHY
skip() {
	echo skipped >>"$WORK/tally"
	printf '%-46s skipped: %s\n' "$1" "$2"
}

# ---- numbers ------------------------------------------------------------------------------------

# holds CONDITION: of awk.
holds() { awk "BEGIN { exit !($1) }" </dev/null; }
# as FORMAT EXPRESSION
as() { awk "BEGIN { printf \"$1\", $2 }" </dev/null; }
median() { sort -n | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'; }
# range FORMAT: of numbers on standard input.
range() { sort -n | awk -v f="$1" 'NR == 1 { a = $1 } { b = $1 } END { printf "(" f "-" f ")", a, b }'; }

# ---- what runs ----------------------------------------------------------------------------------

# failed WHAT FILE: ends the row.
failed() {
	echo "FAIL $1" >&2
	tail -n 5 "$2" >&2
	exit 1
}

# cpu COMMAND ARGUMENT...: milliseconds of CPU time, with all that it waits for.
cpu() {
	"$BIN/measure" "$@" >"$WORK/took" 2>"$WORK/errors" || failed "$*" "$WORK/errors"
	cut -d' ' -f2 "$WORK/took"
}

# load NAME: a command that works for so many `milliseconds` of CPU time, into $command: a program of ../load, `python`, or
# `compiler`, which compiles files of the project.
load() {
	sources=$here/../../../../src
	case $1 in
	python)
		python=$(command -v /usr/bin/python3 || command -v python3)
		command="$python $WORK/load.py" few=20
		cat >"$WORK/load.py" <<'EOF'
import sys
def descend(n):
    return sum(i * i for i in range(300)) if n == 0 else descend(n - 1) + sum(map(abs, sorted(range(30), key=lambda v: -v)))
for i in range(int(sys.argv[1]) * 10):
    descend(25)
EOF
		;;
	compiler)
		command="sh $WORK/compile" few=1
		cat >"$WORK/compile" <<EOF
cd "$WORK" || exit 1
for _ in \$(seq "\$1"); do
	${CC:-cc} -O2 -g -D_GNU_SOURCE -I "$sources" -S "$sources"/symbolize/cxx*.c || exit 1
done
EOF
		;;
	*) command=$BIN/$1 few=200 ;;
	esac
	rest=
	[ "$1" != lazy ] || rest=$BIN/lazy.so
	# shellcheck disable=SC2086 # words
	took=$(cpu $command $few $rest) || exit 1
	command="$command $(as %.0f "$few * $milliseconds / ($took + 1) + 1") $rest"
}

# record FILE [FLAG...] COMMAND: into FILE; what is told into FILE.told.
record() {
	file=$1
	shift
	"$CPROF" record -o "$file" "$@" >/dev/null 2>"$file.told" </dev/null || failed "cprof record $*" "$file.told"
}

# noted FILE PATTERN: the number before a note in the profile's comment; what is not noted is 0.
noted() {
	number=$("$CPROF" comments "$1" 2>/dev/null | grep '^cprof record: ' | sed 's/^cprof record: //' | tr ';,' '\n\n' |
		grep -e "$2" | sed 's/^ *\([0-9.]*\).*/\1/')
	echo "${number:-0}"
}
samples() { noted "$1" 'samples$'; }
lost() { noted "$1" lost; }
cut_short() { noted "$1" 'cut$'; }
percent_seen() { noted "$1" 'seen$'; }
total() {
	sum=$("$CPROF" -symbolize=none -top -unit=ns "$1" 2>/dev/null | sed -n 's/.*Total samples = \([0-9]*\)ns.*/\1/p')
	echo "${sum:-0}" # nothing is told of no samples
}

# cum FILE FUNCTION: nanoseconds below it.
cum() {
	"$CPROF" -top -nodecount=0 -nodefraction=0 -unit=ns "-show=^$2\$" "$1" 2>/dev/null |
		awk -v f="$2" '$6 == f { sub(/ns/, "", $4); sum += $4 } END { printf "%.0f\n", sum }'
}
# told FUNCTION FILE: what the program measured itself, all its threads together.
told() { awk -v f="$1" '$1 == f { sum += $2 } END { printf "%.0f\n", sum }' "$2"; }

# as_user COMMAND: as an ordinary user, who may write to $WORK/user.
as_user() {
	if [ "$(id -u)" -ne 0 ]; then "$@"; else setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; fi
}
# may_as_user: 0, or why not in $why.
may_as_user() {
	mkdir -p -m 777 "$WORK/user"
	if [ "$(id -u)" -ne 0 ]; then return 0; fi
	why="setpriv is not installed"
	command -v setpriv >/dev/null || return 1
	why="kernel.perf_event_paranoid is above 2"
	[ "$(cat /proc/sys/kernel/perf_event_paranoid)" -le 2 ]
}
