# What the scripts that record share; they set cprof and are in a folder of their own.
# shellcheck shell=sh disable=SC2154
passed=0 failed=0 skipped=0

result() { # NAME STATUS [TEXT]
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAIL $1"
		[ $# -lt 3 ] || printf '%s\n' "$3"
	fi
}
same() { # NAME EXPECTED SHOWN
	[ "$2" = "$3" ]
	result "$1" $? "expected: $2
shown:    $3"
}
skip() {
	skipped=$((skipped + 1))
	echo "skipped: $1"
}
# total FILE [FLAG...]: nanoseconds of the samples.
total() {
	file=$1
	shift
	"$cprof" top -unit=ns "$@" "$file" 2>/dev/null | sed -n 's/.*nodes accounting for \([0-9]*\)ns, .*/\1/p'
}
# told WORD FILE: the numbers behind the word, together.
told() { awk -v f="$1" '$1 == f { sum += $2 } END { printf "%.0f\n", sum }' "$2"; }
# within NAME EXPECTED SHOWN TOLERANCE (a share)
within() {
	awk -v a="$2" -v b="${3:-0}" -v t="$4" 'BEGIN { d = a - b; exit !(a > 0 && d * d <= (t * a) ^ 2) }'
	result "$1" $? "expected $2, shown $3"
}
finish() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ $failed -eq 0 ]
}
