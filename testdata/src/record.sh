#!/bin/sh
# Builds the programs beside this script and records their profiles anew into
# the folder above. Needs Go. The golden output has to be recorded again after.
set -eu
cd "$(dirname "$0")"
bin=/tmp/samples # ends up in the profiles
mkdir "$bin"
trap 'rm -rf "$bin"' EXIT
for program in words trees locks edge; do
	go build -trimpath -ldflags='-B 0xc0ffee00c0ffee00c0ffee00c0ffee00c0ffee00' -o "$bin/$program" ./$program
done
"$bin/words" ..
"$bin/trees" .. old
"$bin/trees" .. new
"$bin/locks" ..
"$bin/edge" ../edge
