package main

import (
	"encoding/binary"
	"log"
	"os"
)

// legacyCPU writes the words a gperftools CPU profile consists of: a header
// with the period in microseconds, counted stacks, a trailer, and the maps.
func legacyCPU(name string) {
	var out []byte
	words := func(ws ...uint64) {
		for _, w := range ws {
			out = binary.LittleEndian.AppendUint64(out, w)
		}
	}
	words(0, 3, 0, 10000, 0)
	words(5, 3, 0x400120, 0x400341, 0x400561)
	words(2, 2, 0x400180, 0x400561)
	words(1, 4, 0x7f0000000450, 0x400129, 0x400341, 0x400561)
	words(0, 1, 0)
	out = append(out, `build=/opt/demo
00400000-00500000 r-xp 00000000 08:01 4711       $build/bin/legacy
7f0000000000-7f0000100000 r-xp 00002000 08:01 4712 /usr/lib/demo/libold.so.1
`...)
	if err := os.WriteFile(name, out, 0o666); err != nil {
		log.Fatal(err)
	}
}
