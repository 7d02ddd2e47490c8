// Words counts the words of a made-up text. It writes a CPU profile with
// labels, an allocation profile and a heap profile into the folder it is given.
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sort"
	"strings"
	"time"
)

// syllables make the text; a longer list makes longer tails of rare words.
var syllables = strings.Fields("ka lo mi tre nu sa vo ri pen du she zo bal tic or um")

// A counter holds what is known about the words seen so far.
type counter struct {
	count map[string]int
	first map[string]int // line of first appearance
	lines int
}

func newCounter() *counter {
	return &counter{count: map[string]int{}, first: map[string]int{}}
}

// random is a small linear congruential generator: the same text every time.
type random uint32

func (r *random) below(n int) int {
	*r = *r*1664525 + 1013904223
	return int(uint32(*r)>>8) % n
}

func compose(r *random, lines int) string {
	var b strings.Builder
	for i := 0; i < lines; i++ {
		for w := 3 + r.below(9); w > 0; w-- {
			for s := 1 + r.below(3); s > 0; s-- {
				b.WriteString(syllables[r.below(len(syllables))])
			}
			b.WriteByte(" ,.;"[r.below(4)])
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func isSeparator(c rune) bool {
	return c == ' ' || c == ',' || c == '.' || c == ';'
}

func (c *counter) add(word string) {
	if _, seen := c.first[word]; !seen {
		c.first[word] = c.lines
	}
	c.count[word]++
}

func (c *counter) read(text string) {
	in := bufio.NewScanner(strings.NewReader(text))
	for in.Scan() {
		c.lines++
		for _, word := range strings.FieldsFunc(in.Text(), isSeparator) {
			c.add(strings.ToUpper(word))
		}
	}
}

func (c *counter) ranked() []string {
	words := make([]string, 0, len(c.count))
	for w := range c.count {
		words = append(words, w)
	}
	sort.Slice(words, func(i, j int) bool {
		a, b := words[i], words[j]
		if c.count[a] != c.count[b] {
			return c.count[a] > c.count[b]
		}
		return a < b
	})
	return words
}

func stage(name, detail string, f func()) {
	pprof.Do(context.Background(), pprof.Labels("stage", name, "detail", detail), func(context.Context) { f() })
}

func run(until time.Duration) *counter {
	c, r := newCounter(), random(1)
	for start := time.Now(); time.Since(start) < until; {
		var text string
		stage("compose", "fresh", func() { text = compose(&r, 400) })
		stage("count", "fresh", func() { c.read(text) })
		stage("count", "again", func() { newCounter().read(text) })
		stage("rank", "all", func() { c.ranked() })
	}
	return c
}

func create(name string) *os.File {
	f, err := os.Create(filepath.Join(os.Args[1], name))
	if err != nil {
		log.Fatal(err)
	}
	return f
}

func save(profile, name string) {
	f := create(name)
	defer f.Close()
	if err := pprof.Lookup(profile).WriteTo(f, 0); err != nil {
		log.Fatal(err)
	}
}

func main() {
	runtime.MemProfileRate = 64 << 10
	f := create("words.cpu.pb.gz")
	if err := pprof.StartCPUProfile(f); err != nil {
		log.Fatal(err)
	}
	c := run(3 * time.Second)
	pprof.StopCPUProfile()
	f.Close()
	save("allocs", "words.allocs.pb.gz")
	runtime.GC()
	save("heap", "words.heap.pb.gz")
	fmt.Println(len(c.count), "words in", c.lines, "lines; the first:", c.ranked()[:3])
}
