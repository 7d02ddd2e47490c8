// Locks lets clerks move money between accounts and wait for one another. It
// writes block, mutex, goroutine and thread profiles, and the goroutine and
// heap profiles once more in the old text form.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"
)

type account struct {
	mu      sync.Mutex
	balance int
}

type bank struct {
	rates    sync.RWMutex
	percent  int
	accounts []*account
}

func newBank(n int) *bank {
	b := &bank{percent: 3}
	for i := 0; i < n; i++ {
		b.accounts = append(b.accounts, &account{balance: 1000})
	}
	return b
}

// move locks the account of the lower index first, so that no two clerks wait
// for each other for ever.
func (b *bank) move(from, to, amount int) {
	lo, hi := b.accounts[from], b.accounts[to]
	if from > to {
		lo, hi = hi, lo
	}
	lo.mu.Lock()
	defer lo.mu.Unlock()
	hi.mu.Lock()
	defer hi.mu.Unlock()
	linger(50 * time.Microsecond)
	b.accounts[from].balance -= amount
	b.accounts[to].balance += amount - b.fee(amount)
}

func (b *bank) fee(amount int) int {
	b.rates.RLock()
	defer b.rates.RUnlock()
	return amount * b.percent / 100
}

func (b *bank) adjust(percent int) {
	b.rates.Lock()
	defer b.rates.Unlock()
	linger(200 * time.Microsecond)
	b.percent = percent
}

// linger keeps the processor busy, as a critical section would.
func linger(d time.Duration) {
	for start := time.Now(); time.Since(start) < d; {
	}
}

func clerk(b *bank, orders <-chan int, done *sync.WaitGroup) {
	defer done.Done()
	n := len(b.accounts)
	for o := range orders {
		if from, to := o%n, (o*7+1)%n; from != to {
			b.move(from, to, o%50)
		}
	}
}

func manager(b *bank, stop <-chan struct{}) {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for p := 1; ; p++ {
		select {
		case <-tick.C:
			b.adjust(p % 7)
		case <-stop:
			return
		}
	}
}

// customer waits at the counter until the bank closes.
func customer(wait <-chan struct{}, left int) {
	if left > 0 {
		customer(wait, left-1)
		return
	}
	<-wait
}

func save(profile, name string, debug int) {
	f, err := os.Create(filepath.Join(os.Args[1], name))
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	if err := pprof.Lookup(profile).WriteTo(f, debug); err != nil {
		log.Fatal(err)
	}
}

func main() {
	runtime.GOMAXPROCS(4)
	runtime.SetBlockProfileRate(1)
	runtime.SetMutexProfileFraction(1)
	runtime.MemProfileRate = 4 << 10

	b, orders, closing := newBank(6), make(chan int), make(chan struct{})
	var clerks sync.WaitGroup
	for i := 0; i < 4; i++ {
		clerks.Add(1)
		go clerk(b, orders, &clerks)
	}
	go manager(b, closing)
	for i := 0; i < 5; i++ {
		who := pprof.Labels("customer", fmt.Sprint(i), "mood", []string{"calm", "cross"}[i%2])
		left := i % 3
		go pprof.Do(context.Background(), who, func(context.Context) { customer(closing, left) })
	}
	for i := 0; i < 3000; i++ {
		orders <- i
	}
	save("goroutine", "locks.goroutine.pb.gz", 0)
	save("goroutine", "locks.goroutine.txt", 1)
	save("heap", "locks.heap.txt", 1)
	close(orders)
	clerks.Wait()
	close(closing)
	save("block", "locks.block.pb.gz", 0)
	save("mutex", "locks.mutex.pb.gz", 0)
	save("threadcreate", "locks.threads.pb.gz", 0)
}
