// Edge writes small profiles, each for one thing that is easily got wrong,
// into the folder it is given.
package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
)

const noon = 1760011200 * int64(1e9) // 2025-10-09 12:00:00 UTC

func main() {
	for name, p := range map[string]*profile{
		"columns.pb.gz":     columns(),
		"comments.pb.gz":    comments(),
		"folded.pb.gz":      folded(),
		"frames.pb.gz":      frames(),
		"huge.pb":           huge(),
		"inlines.pb.gz":     inlines(),
		"labels.pb.gz":      labels(),
		"mangled.pb.gz":     mangled(),
		"mappings.pb.gz":    mappings(),
		"names.pb.gz":       names(),
		"negative.pb.gz":    negative(),
		"nomapping.pb":      nomapping(),
		"nosamples.pb.gz":   nosamples(),
		"numlabels.pb.gz":   numlabels(),
		"samename.pb.gz":    samename(),
		"units.pb.gz":       units(),
		"unpacked.pb":       unpacked(),
		"wide.pb.gz":        wide(),
		"zerodefault.pb.gz": zeroDefault(),
	} {
		p.write(filepath.Join(os.Args[1], name))
	}
	legacyCPU(filepath.Join(os.Args[1], "legacy.cpu"))
}

func stack(ids ...int64) []int64 { return ids }
func counts(vs ...int64) []int64 { return vs }

func text(key, value string) label { return label{key: key, text: value} }

func number(key string, n int64, unit string) label {
	return label{key: key, number: n, unit: unit}
}

// Several places in one source line; two functions on one line of one file.
func columns() *profile {
	p := newProfile("samples/count", "time/milliseconds")
	m := p.mapping(0x1000, 0x9000, 0, "/opt/demo/bin/columns", "c01", hasEverything)
	f := p.plain("demo/chain.js", "main", "map", "filter", "(anonymous)")
	a := p.location(m, 0x1010, line{f[0], 7, 3})
	b := p.location(m, 0x1020, line{f[1], 7, 11})
	c := p.location(m, 0x1030, line{f[1], 7, 29})
	d := p.location(m, 0x1040, line{f[2], 9, 0})
	e := p.location(m, 0x1050, line{f[3], 7, 14}, line{f[2], 9, 5})
	p.sample(stack(b, a), counts(1, 10))
	p.sample(stack(c, a), counts(2, 25))
	p.sample(stack(d, c, a), counts(4, 41))
	p.sample(stack(e, b, a), counts(8, 83))
	p.sample(stack(e, d, a), counts(16, 160))
	return p
}

// Everything that belongs to the profile as a whole.
func comments() *profile {
	p := newProfile("objects/count", "space/bytes", "wait/nanoseconds")
	p.text(defaultType, "space")
	p.text(docURL, "https://example.org/docs/space")
	p.comments("recorded by hand", "#hidden in headers", "", "two\nlines")
	p.times(noon+123456789, 2500*int64(1e6))
	p.period("space/bytes", 524288)
	m := p.mapping(0x400000, 0x480000, 0, "/opt/demo/bin/comments", "abcdef0123456789", hasEverything)
	f := p.plain("demo/store.c", "main", "load", "keep", "free_all")
	main := p.location(m, 0x400100, line{f[0], 11, 0})
	load := p.location(m, 0x400200, line{f[1], 22, 0})
	keep := p.location(m, 0x400300, line{f[2], 33, 0})
	free := p.location(m, 0x400400, line{f[3], 44, 0})
	p.sample(stack(keep, load, main), counts(3, 3*1024*1024, 1500))
	p.sample(stack(load, main), counts(12, 700*1024, 2750000))
	p.sample(stack(free, main), counts(1, 96, 61*int64(1e9)))
	return p
}

// Locations that stand for several addresses.
func folded() *profile {
	p := newProfile("cpu/nanoseconds")
	m := p.mapping(0x1000, 0x5000, 0, "/opt/demo/bin/folded", "", hasFunctions)
	f := p.plain("", "start", "same_a", "same_b")
	s := p.location(m, 0x1100, line{f[0], 0, 0})
	a := p.locationFolded(true, m, 0x1200, line{f[1], 0, 0})
	b := p.locationFolded(true, m, 0x1200, line{f[2], 0, 0})
	bare := p.locationFolded(true, m, 0x1300)
	p.sample(stack(a, s), counts(30e6))
	p.sample(stack(b, a, s), counts(20e6))
	p.sample(stack(bare, b, s), counts(7e6))
	return p
}

// drop_frames and keep_frames: allocator frames go, but for one that is kept.
func frames() *profile {
	p := newProfile("objects/count", "space/bytes")
	p.text(dropFrames, "(.*::)?(malloc|alloc_.*|operator new)")
	p.text(keepFrames, "(.*::)?alloc_page")
	p.period("space/bytes", 4096)
	m := p.mapping(0x10000, 0x20000, 0, "/opt/demo/bin/frames", "f1", hasEverything)
	f := p.plain("demo/heap.cc", "main", "pool::grow(int)", "operator new(unsigned long)", "malloc", "alloc_page(void*)",
		"alloc_block", "(anonymous namespace)::tail(char)")
	var l []int64
	for i, id := range f {
		l = append(l, p.location(m, 0x10000+int64(i)*0x100, line{id, int64(10 * (i + 1)), 0}))
	}
	both := p.location(m, 0x10f00, line{f[3], 41, 0}, line{f[1], 21, 0})
	p.sample(stack(l[3], l[2], l[1], l[0]), counts(5, 5000))
	p.sample(stack(l[5], l[1], l[0]), counts(4, 400))
	p.sample(stack(l[4], l[3], l[1], l[0]), counts(3, 30000))
	p.sample(stack(both, l[0]), counts(2, 250))
	p.sample(stack(l[3]), counts(1, 100))
	p.sample(stack(l[3], l[6], l[0]), counts(6, 66))
	return p
}

// Values near the ends of 64 bits.
func huge() *profile {
	p := newProfile("calls/count", "space/bytes", "time/nanoseconds", "cost/GCU")
	m := p.mapping(0x1000, math.MaxInt64, 0, "/opt/demo/bin/huge", "", hasFunctions)
	f := p.plain("huge.c", "root", "most", "some", "least")
	r := p.location(m, 0x1100, line{f[0], 1, 0})
	a := p.location(m, 0x7fffffffffff0000, line{f[1], math.MaxInt32, 0})
	b := p.location(m, 0x1300, line{f[2], 3, 0})
	c := p.location(m, 0x1400, line{f[3], 4, 0})
	p.sample(stack(a, r), counts(1<<62, 3<<58, 5e17, 12e17))
	p.sample(stack(b, r), counts(1<<53+1, 1<<50, 9e15, 5e15))
	p.sample(stack(c, b, r), counts(1, 1, 1, 1))
	p.sample(stack(r), counts(999999, 1023, 59999999999, 999999))
	return p
}

// Inlined and recursive calls.
func inlines() *profile {
	p := newProfile("samples/count", "cpu/microseconds")
	p.period("cpu/microseconds", 10000)
	m := p.mapping(0x400000, 0x500000, 0x1000, "/opt/demo/bin/inlines", "1a2b", hasEverything)
	f := p.plain("demo/sum.c", "main", "sum", "add", "clamp", "walk")
	other := p.function(3, "min", "min", "demo/limits.h")
	main := p.location(m, 0x400010, line{f[0], 50, 0})
	three := p.location(m, 0x400020, line{f[3], 30, 0}, line{f[2], 20, 0}, line{f[1], 10, 0})
	cross := p.location(m, 0x400030, line{other, 4, 0}, line{f[3], 31, 0}, line{f[2], 21, 0})
	self := p.location(m, 0x400040, line{f[4], 61, 0}, line{f[4], 64, 0})
	leaf := p.location(m, 0x400050, line{f[4], 66, 0})
	twice := p.location(m, 0x400060, line{f[1], 12, 0}, line{f[0], 52, 0})
	p.sample(stack(three, main), counts(11, 110000))
	p.sample(stack(cross, main), counts(7, 70300))
	p.sample(stack(leaf, self, self, main), counts(5, 50020))
	p.sample(stack(self, main), counts(3, 30001))
	p.sample(stack(twice), counts(2, 20500))
	p.sample(stack(three, twice), counts(1, 9100))
	return p
}

// Text labels: several values of one key, keys that only some samples have.
func labels() *profile {
	p := newProfile("samples/count", "cpu/nanoseconds")
	m := p.mapping(0x1000, 0x4000, 0, "/opt/demo/bin/labels", "", hasFunctions)
	f := p.plain("serve.py", "serve", "query", "render")
	s := p.location(m, 0x1100, line{f[0], 3, 0})
	q := p.location(m, 0x1200, line{f[1], 13, 0})
	r := p.location(m, 0x1300, line{f[2], 23, 0})
	p.sample(stack(s), counts(1, 10e6))
	p.sample(stack(q, s), counts(4, 40e6), text("tenant", "red"), text("path", "/a/b?c=d"))
	p.sample(stack(q, s), counts(9, 91e6), text("tenant", "blue"), text("path", "/list"), text("zone", "eu:1"))
	p.sample(stack(r, s), counts(16, 163e6), text("tenant", "blue"), text("tenant", "green"), text("path", "/list"))
	p.sample(stack(r, q, s), counts(25, 257e6), text("tenant", "red,blue"), text("zone", ""), number("size", 0, ""))
	p.sample(stack(r, s), counts(36, 361e6), text("päth", "größe"), number("thread", 42, ""))
	return p
}

// Names as compilers write them, and C++ names with their arguments.
func mangled() *profile {
	p := newProfile("samples/count")
	m := p.mapping(0x400000, 0x800000, 0, "/opt/demo/no-such-dir/server", "", hasEverything)
	var root int64
	for i, name := range []string{
		"_ZN3kvs5StoreIiSaIiEE4findERKi",
		"_ZNSt6vectorIjSaIjEE9push_backERKj",
		"_ZZ4mainENKUlvE_clEv",
		"_ZN12_GLOBAL__N_16helperEPKcz",
		"_ZNK3kvs6CursorcvbEv",
		"_ZN3kvs5StorelsEi",
		"_ZN4demo5parse5inner17h0123456789abcdefE",
		"_ZN49_$LT$demo..Node$u20$as$u20$core..clone..Clone$GT$5clone17hfedcba9876543210E",
		"_RNvC4demo4main",
		"_RINvNtC4demo5parse5innermE",
		"_Z",
		"_not_mangled",
		"main.(*store).find",
	} {
		l := p.location(m, 0x400000+int64(i)*16, line{p.function(0, name, name, "src/server.cc"), int64(i + 1), 0})
		if i == 0 {
			root = l
		}
		p.sample(stack(l, root), counts(int64(i*i+3)))
	}
	long := p.function(0, "kvs::Store<int, std::allocator<int> >::find(int const&) const", "_ZNK3kvs5StoreIiSaIiEE4findERKi", "src/server.cc")
	p.sample(stack(p.location(m, 0x401000, line{long, 99, 0})), counts(500))
	return p
}

// Several objects, some without symbols, some without a name.
func mappings() *profile {
	p := newProfile("samples/count", "cpu/nanoseconds")
	p.times(noon, 0)
	exe := p.mapping(0x400000, 0x500000, 0, "/opt/demo/bin/mixed", "0123abcd", 0)
	lib := p.mapping(0x7f0000000000, 0x7f0000100000, 0x2000, "/usr/lib/demo/libmixed.so.1", "beef", 0)
	vdso := p.mapping(0x7ffd00000000, 0x7ffd00002000, 0, "[vdso]", "", 0)
	anon := p.mapping(0x10000000, 0x10100000, 0, "", "", 0)
	kernel := p.mapping(-0x7f000000, -0x1000, 0, "[kernel.kallsyms]_stext", "", 0)
	f := p.plain("demo/mixed.c", "main", "jit_entry")
	main := p.location(exe, 0x400100, line{f[0], 1, 0})
	a := p.location(exe, 0x400200)
	b := p.location(exe, 0x400300)
	c := p.location(lib, 0x7f0000000400)
	d := p.location(vdso, 0x7ffd00000500)
	e := p.location(anon, 0x10000600)
	jit := p.location(anon, 0x10000700, line{f[1], 0, 0})
	none := p.location(0, 0xdead0000)
	zero := p.location(0, 0)
	k := p.location(kernel, -0x7e000000)
	p.sample(stack(a, main), counts(1, 10e6))
	p.sample(stack(b, a, main), counts(3, 30e6))
	p.sample(stack(c, b, main), counts(5, 51e6))
	p.sample(stack(d, c, main), counts(7, 72e6))
	p.sample(stack(e, jit, main), counts(11, 113e6))
	p.sample(stack(none, jit, main), counts(13, 131e6))
	p.sample(stack(zero, main), counts(17, 171e6))
	p.sample(stack(k, d, main), counts(19, 193e6))
	return p
}

// Names with everything that needs care when written, quoted or cut.
func names() *profile {
	p := newProfile("samples/count")
	p.comments("says \"hello\" & <bye>")
	m := p.mapping(0x1000, 0x9000, 0, "/opt/demo/bin/na mes \"x\"", "", hasEverything)
	var ids []int64
	for i, name := range []string{
		"main",
		`say "hello"`,
		"two\nlines",
		"tab\there",
		`back\slash`,
		"größe::naïve",
		"関数.呼び出し",
		"<angle> & {brace|bar}",
		"example.org/pkg/v2.(*T[...]).Method",
		"example.org/pkg.generic[go.shape.int,go.shape.string]",
		"java.util.Map$Entry.lambda$get$0",
		"operator()(int, char) const",
		"percent %s %d%%",
		"  spaces  ",
		"a::very::long::" + fmt.Sprintf("%0120d", 7) + "::name",
		"",
	} {
		file := "dir with space/na\"me.c"
		if i%3 == 0 {
			file = "C:\\code\\größe.cc"
		}
		f := p.function(int64(i), name, name, file)
		ids = append(ids, p.location(m, 0x1000+int64(i)*16, line{f, int64(100 - i), 0}))
		p.sample(append(stack(ids[i]), ids[0]), counts(int64(3*i*i+1)), text("k\"ey", "v\nal"+name))
	}
	return p
}

// What a diff leaves behind: negative values, and sums that are zero.
func negative() *profile {
	p := newProfile("objects/count", "space/bytes")
	m := p.mapping(0x1000, 0x4000, 0, "/opt/demo/bin/negative", "", hasFunctions)
	f := p.plain("diff.c", "main", "less", "more", "equal", "gone")
	main := p.location(m, 0x1100, line{f[0], 2, 0})
	less := p.location(m, 0x1200, line{f[1], 12, 0})
	more := p.location(m, 0x1300, line{f[2], 22, 0})
	equal := p.location(m, 0x1400, line{f[3], 32, 0})
	gone := p.location(m, 0x1500, line{f[4], 42, 0})
	p.sample(stack(less, main), counts(-4, -4096))
	p.sample(stack(more, main), counts(9, 123456), number("bytes", 64, "bytes"))
	p.sample(stack(equal, main), counts(5, 1000))
	p.sample(stack(equal, main), counts(-5, -1000), text("side", "base"))
	p.sample(stack(gone, less, main), counts(-7, -7777777), number("bytes", -32, "bytes"))
	p.sample(stack(gone), counts(0, 0))
	return p
}

// Neither mappings nor addresses nor files: names alone, as simple writers do.
func nomapping() *profile {
	p := newProfile("events/count")
	f := p.plain("", "loop", "step", "wait")
	var l []int64
	for _, id := range f {
		l = append(l, p.location(0, 0, line{id, 0, 0}))
	}
	p.sample(stack(l[1], l[0]), counts(21))
	p.sample(stack(l[2], l[0]), counts(34))
	p.sample(stack(l[2], l[1], l[0]), counts(55))
	p.sample(nil, counts(8))
	return p
}

func nosamples() *profile {
	p := newProfile("samples/count", "cpu/nanoseconds")
	p.times(noon, 1e9)
	p.period("cpu/nanoseconds", 1e7)
	p.mapping(0x1000, 0x2000, 0, "/opt/demo/bin/nosamples", "", 0)
	return p
}

// Numeric labels: known units, unknown ones, none, and keys without agreement.
func numlabels() *profile {
	p := newProfile("objects/count", "space/bytes")
	p.period("space/bytes", 524288)
	m := p.mapping(0x1000, 0x4000, 0, "/opt/demo/bin/numlabels", "", hasFunctions)
	f := p.plain("alloc.c", "main", "small", "large")
	main := p.location(m, 0x1100, line{f[0], 2, 0})
	small := p.location(m, 0x1200, line{f[1], 12, 0})
	large := p.location(m, 0x1300, line{f[2], 22, 0})
	for i := int64(0); i < 9; i++ {
		size := int64(16) << i
		p.sample(stack(small, main), counts(10+i, size*(10+i)), number("bytes", size, "bytes"))
	}
	p.sample(stack(large, main), counts(1, 3<<20), number("bytes", 3<<20, ""), number("latency", 1500, "microseconds"))
	p.sample(stack(large, main), counts(2, 9<<20), number("bytes", 4608, "kilobytes"), number("latency", 2, "s"))
	p.sample(stack(large, small, main), counts(3, 7<<20), number("request", 77, ""), number("hole", 5, "mem holes"))
	p.sample(stack(large, small, main), counts(5, 6<<20), number("request", -77, ""), number("request", 78, ""), text("kind", "burst"))
	p.sample(stack(main), counts(7, 11), number("alignment", 8, ""))
	return p
}

// One name, several functions: by file, by system name, by start line.
func samename() *profile {
	p := newProfile("samples/count")
	m := p.mapping(0x1000, 0x4000, 0, "/opt/demo/bin/samename", "", hasEverything)
	main := p.location(m, 0x1000, line{p.function(1, "main", "main", "a.c"), 9, 0})
	for i, f := range []int64{
		p.function(10, "init", "init", "a.c"),
		p.function(10, "init", "init", "b.c"),
		p.function(30, "init", "init.part.0", "b.c"),
		p.function(50, "init", "init", "b.c"),
	} {
		p.sample(stack(p.location(m, 0x1100+int64(i)*16, line{f, int64(12 + i), 0}), main), counts(int64(5+i*i*4)))
	}
	return p
}

// Units of every family, and of none.
func units() *profile {
	p := newProfile("calls/count", "delay/us", "space/kb", "span/days", "cost/MCU", "way/furlongs", "holes/mem holes", "bare/", "events/events")
	p.times(noon, 90*60*int64(1e9))
	p.period("delay/us", 250)
	m := p.mapping(0x1000, 0x4000, 0, "/opt/demo/bin/units", "", hasFunctions)
	f := p.plain("units.c", "main", "little", "much")
	main := p.location(m, 0x1100, line{f[0], 2, 0})
	little := p.location(m, 0x1200, line{f[1], 12, 0})
	much := p.location(m, 0x1300, line{f[2], 22, 0})
	p.sample(stack(little, main), counts(1, 15, 3, 2, 7, 4, 1, 9, 3))
	p.sample(stack(much, main), counts(1000, 7325000, 5<<20, 400, 123456789, 8000, 15690, 12345678, 40000))
	p.sample(stack(main), counts(50, 999, 1023, 1, 1000, 20, 30, 40, 50))
	return p
}

// The form old writers use: no packed fields.
func unpacked() *profile {
	p := newProfile("samples/count", "cpu/nanoseconds")
	p.unpacked = true
	p.comments("not packed", "at all")
	m := p.mapping(0x1000, 0x4000, 0, "/opt/demo/bin/unpacked", "", hasEverything)
	f := p.plain("old.c", "main", "work", "rest")
	main := p.location(m, 0x1100, line{f[0], 2, 0})
	work := p.location(m, 0x1200, line{f[1], 12, 0})
	rest := p.location(m, 0x1300, line{f[2], 22, 0}, line{f[1], 14, 0})
	p.sample(stack(work, main), counts(1, 1e7), text("a", "b"))
	p.sample(stack(rest, work, main), counts(2, 2e7), number("n", 300, "ms"))
	p.sample(stack(main), counts(4, 4e7))
	p.body.num(99, 12345) // a field from the future
	p.body.bytes(100, []byte("ignored"))
	return p
}

// Enough functions for trimming by count and by fraction to matter.
func wide() *profile {
	p := newProfile("samples/count", "cpu/nanoseconds")
	p.period("cpu/nanoseconds", 1e7)
	m := p.mapping(0x400000, 0x500000, 0, "/opt/demo/bin/wide", "77aa", hasEverything)
	seed := uint32(99)
	below := func(n int64) int64 {
		seed = seed*1664525 + 1013904223
		return int64(seed>>8) % n
	}
	var l []int64
	for i := int64(0); i < 110; i++ {
		name := fmt.Sprintf("pkg%d.step%d", i%7, i)
		f := p.function(i*3, name, name, fmt.Sprintf("pkg%d/file%d.go", i%7, i%4))
		l = append(l, p.location(m, 0x400000+i*32, line{f, i*3 + 1, 0}))
	}
	for i := int64(0); i < 260; i++ {
		at := below(8)
		s := stack(l[at])
		for at+1 < 110 && len(s) < 14 {
			at = at + 1 + below(18)
			if at >= 110 {
				break
			}
			s = append(stack(l[at]), s...)
		}
		n := 1 + below(7)*below(9)
		p.sample(s, counts(n, n*1e7+i*i*997))
	}
	return p
}

// A default type whose values are all zero.
func zeroDefault() *profile {
	p := newProfile("alloc_objects/count", "alloc_space/bytes", "inuse_objects/count", "inuse_space/bytes")
	p.text(defaultType, "inuse_space")
	m := p.mapping(0x1000, 0x4000, 0, "/opt/demo/bin/zerodefault", "", hasFunctions)
	f := p.plain("zero.c", "main", "make")
	main := p.location(m, 0x1100, line{f[0], 2, 0})
	mk := p.location(m, 0x1200, line{f[1], 12, 0})
	p.sample(stack(mk, main), counts(10, 10240, 0, 0))
	p.sample(stack(main), counts(1, 16, 0, 0))
	return p
}
