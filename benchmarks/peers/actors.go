// SPDX-License-Identifier: MIT OR BSL-1.0
// What actors do, by goroutines and channels, where Go is installed. A message is a number, by value.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"
)

var least time.Duration

func rate(name string, body func(n int)) {
	for n := 64; ; n *= 2 {
		begin := time.Now()
		body(n)
		if elapsed := time.Since(begin); elapsed >= least {
			fmt.Printf("%s %.0f /s\n", name, float64(n)/elapsed.Seconds())
			return
		}
	}
}

// A goroutine that answers, on a thread of its own if it is to have one.
func partner(ownThread bool) (chan<- int, <-chan int) {
	to, from := make(chan int, 1), make(chan int, 1)
	go func() {
		if ownThread {
			runtime.LockOSThread()
		}
		for message := range to {
			from <- message
		}
		close(from)
	}()
	return to, from
}

func messages(where string, ownThread bool) {
	to, from := partner(ownThread)
	rate(where+"_round_trips", func(n int) {
		for i := 0; i < n; i++ {
			to <- i
			<-from
		}
	})
	close(to)
	rate(where+"_one_way", func(n int) {
		to, through := make(chan int, 1024), make(chan int)
		go func() {
			if ownThread {
				runtime.LockOSThread()
			}
			for range to {
			}
			close(through)
		}()
		for i := 0; i < n; i++ {
			to <- i
		}
		close(to)
		<-through
	})
}

// The same work as benchmarks/actors/partners/job.lua.
func job(seed int) int {
	x := seed + 1
	for i := 0; i < 100000; i++ {
		x = x * 16807 % 2147483647
	}
	return x
}

func jobs(workers int) {
	seeds, results := make(chan int, 4), make(chan int, 4)
	for i := 0; i < workers; i++ {
		go func() {
			for seed := range seeds {
				results <- job(seed)
			}
		}()
	}
	rate("jobs_"+strconv.Itoa(workers), func(n int) {
		for i := 0; i < n+2*workers; i++ {
			if i >= 2*workers {
				<-results
			}
			if i < n {
				seeds <- i
			}
		}
	})
	close(seeds)
}

func main() {
	seconds, err := strconv.ParseFloat(os.Getenv("BENCHMARK_SECONDS"), 64)
	if err != nil {
		panic(err)
	}
	least = time.Duration(seconds * float64(time.Second))
	runtime.GOMAXPROCS(1)
	rate("vms", func(n int) {
		ended := make(chan int)
		for i := 0; i < n; i++ {
			go func() { ended <- i }()
			<-ended
		}
	})
	messages("pool", false)
	runtime.GOMAXPROCS(2)
	runtime.LockOSThread()
	messages("threads", true)
	runtime.UnlockOSThread()
	jobs(1)
	jobs(2)
}
