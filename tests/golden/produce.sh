# What `run` and `record` share; sourced by them. They set: here (this folder),
# tmp (a scratch folder), binary, reencode (yes or empty).

data=$here/../../testdata
tab=$(printf '\t')
set -f # arguments hold regular expressions, not file patterns

# The same surroundings for every run: no settings, no local binaries.
unset PPROF_TOOLS PPROF_BINARY_PATH GOROOT GOPATH GOMODCACHE
export TZ=UTC LC_ALL=C HOME="$tmp/nohome" PPROF_TMPDIR="$tmp"

# pass_through ARGUMENT: sets argument to the same with the profile it names
# replaced by one the binary has read and written.
pass_through() {
	argument=$1
	case $1 in
	-*=*.pb.gz | -*=*.pb | -*=*.txt) option=${1%%=*}= source=${1#*=} ;;
	*.pb.gz | *.pb | *.txt) option= source=$1 ;;
	*) return ;;
	esac
	[ -f "$source" ] || return
	argument=$tmp/reencoded/$source.pb.gz
	if [ ! -f "$argument" ]; then
		mkdir -p "${argument%/*}"
		"$binary" -symbolize=none -proto -output="$argument" "$source" >"$tmp/err" 2>&1 </dev/null || cat "$tmp/err"
	fi
	argument=$option$argument
}

# produce OUTPUT GROUP NAME ARGUMENTS: runs a case, standard output to OUTPUT,
# exit status to status. What `proto` cases write is shown by -raw.
produce() {
	out=$1 group=$2 name=$3
	eval "set -- $4"
	if [ "$reencode" ]; then
		for argument; do
			shift
			pass_through "$argument"
			set -- "$@" "$argument"
		done
	fi
	status=0
	case $group in
	proto)
		rm -f "$tmp/written.pb.gz"
		"$binary" -output="$tmp/written.pb.gz" "$@" >"$out" 2>"$tmp/err" </dev/null || status=$?
		[ $status -ne 0 ] || "$binary" -symbolize=none -raw "$tmp/written.pb.gz" >"$out" 2>"$tmp/err" </dev/null || status=$?
		;;
	repl) "$binary" "$@" >"$out" 2>"$tmp/err" <"$here/repl/$name.txt" || status=$? ;;
	*) "$binary" "$@" >"$out" 2>"$tmp/err" </dev/null || status=$? ;;
	esac
}
