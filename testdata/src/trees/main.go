// Trees fills ordered trees and walks them. The old version inserts by
// recursion and lets the tree degenerate; the new one keeps a treap and takes
// its nodes from a pool. Both write a CPU and an allocation profile, for diffs.
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"
)

type ordered interface {
	~int | ~uint64 | ~string
}

type node[K ordered, V any] struct {
	key         K
	value       V
	weight      uint64
	left, right *node[K, V]
}

// A tree is one way to keep keys in order.
type tree[K ordered, V any] interface {
	insert(K, V)
	walk(func(K, V))
	depth() int
}

// --- the old version ---------------------------------------------------------

type plain[K ordered, V any] struct{ root *node[K, V] }

func (t *plain[K, V]) insert(k K, v V) { t.root = grow(t.root, k, v) }

func grow[K ordered, V any](n *node[K, V], k K, v V) *node[K, V] {
	switch {
	case n == nil:
		return &node[K, V]{key: k, value: v}
	case less(k, n.key):
		n.left = grow(n.left, k, v)
	case less(n.key, k):
		n.right = grow(n.right, k, v)
	default:
		n.value = v
	}
	return n
}

func (t *plain[K, V]) walk(f func(K, V)) { visit(t.root, f) }
func (t *plain[K, V]) depth() int        { return height(t.root) }

// --- the new version ---------------------------------------------------------

type treap[K ordered, V any] struct {
	root *node[K, V]
	pool []node[K, V]
	seed uint64
}

func (t *treap[K, V]) take(k K, v V) *node[K, V] {
	if len(t.pool) == 0 {
		t.pool = make([]node[K, V], 512)
	}
	n := &t.pool[0]
	t.pool = t.pool[1:]
	n.key, n.value, n.weight = k, v, scramble(&t.seed)
	return n
}

func (t *treap[K, V]) insert(k K, v V) { t.root = t.place(t.root, k, v) }

func (t *treap[K, V]) place(n *node[K, V], k K, v V) *node[K, V] {
	switch {
	case n == nil:
		return t.take(k, v)
	case less(k, n.key):
		n.left = t.place(n.left, k, v)
		if n.left.weight > n.weight {
			return rotateRight(n)
		}
	case less(n.key, k):
		n.right = t.place(n.right, k, v)
		if n.right.weight > n.weight {
			return rotateLeft(n)
		}
	default:
		n.value = v
	}
	return n
}

func rotateRight[K ordered, V any](n *node[K, V]) *node[K, V] {
	l := n.left
	n.left, l.right = l.right, n
	return l
}

func rotateLeft[K ordered, V any](n *node[K, V]) *node[K, V] {
	r := n.right
	n.right, r.left = r.left, n
	return r
}

func (t *treap[K, V]) walk(f func(K, V)) { visit(t.root, f) }
func (t *treap[K, V]) depth() int        { return height(t.root) }

// --- what both use -----------------------------------------------------------

func less[K ordered](a, b K) bool { return a < b }

func visit[K ordered, V any](n *node[K, V], f func(K, V)) {
	if n == nil {
		return
	}
	visit(n.left, f)
	f(n.key, n.value)
	visit(n.right, f)
}

func height[K ordered, V any](n *node[K, V]) int {
	if n == nil {
		return 0
	}
	return 1 + larger(height(n.left), height(n.right))
}

func larger(a, b int) int {
	if a > b {
		return a
	}
	return b
}

func scramble(s *uint64) uint64 {
	*s += 0x9e3779b97f4a7c15
	z := *s
	z = mix(z, 30, 0xbf58476d1ce4e5b9)
	z = mix(z, 27, 0x94d049bb133111eb)
	return z ^ z>>31
}

func mix(z uint64, shift uint, by uint64) uint64 { return (z ^ z>>shift) * by }

// fill inserts keys that come half in order, half at random.
func fill(t tree[uint64, string], n int) {
	seed := uint64(7)
	for i := 0; i < n; i++ {
		k := scramble(&seed) % uint64(n)
		if i%64 == 0 {
			k = uint64(n + i)
		}
		t.insert(k, label(k))
	}
}

func label(k uint64) string { return fmt.Sprintf("node-%d", k) }

func total(t tree[uint64, string]) (sum int) {
	t.walk(func(k uint64, v string) { sum += len(v) + int(k&1) })
	return sum
}

func build(old bool) tree[uint64, string] {
	if old {
		return &plain[uint64, string]{}
	}
	return &treap[uint64, string]{}
}

func main() {
	dir, version := os.Args[1], os.Args[2]
	runtime.MemProfileRate = 64 << 10
	f, err := os.Create(filepath.Join(dir, "trees."+version+".cpu.pb.gz"))
	if err != nil {
		log.Fatal(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		log.Fatal(err)
	}
	var t tree[uint64, string]
	sum, rounds := 0, 0
	for start := time.Now(); time.Since(start) < 2*time.Second; rounds++ {
		t = build(version == "old")
		fill(t, 20000)
		sum += total(t)
	}
	pprof.StopCPUProfile()
	f.Close()
	runtime.GC()
	h, err := os.Create(filepath.Join(dir, "trees."+version+".heap.pb.gz"))
	if err != nil {
		log.Fatal(err)
	}
	defer h.Close()
	if err := pprof.Lookup("heap").WriteTo(h, 0); err != nil {
		log.Fatal(err)
	}
	fmt.Println(version, rounds, "rounds, depth", t.depth(), "sum", sum)
}
