// SPDX-License-Identifier: MIT OR BSL-1.0
// The same in Go, where it is installed.
package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

var least time.Duration

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func rate(name string, inFlight int) {
	begin := time.Now()
	var n atomic.Int64
	var all sync.WaitGroup
	for i := 0; i < inFlight; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for ok := true; ok; ok = time.Since(begin) < least {
				check(exec.Command("/bin/true").Run())
				n.Add(1)
			}
		}()
	}
	all.Wait()
	fmt.Printf("%s %.0f /s\n", name, float64(n.Load())/time.Since(begin).Seconds())
}

func throughCat() {
	child := exec.Command("/bin/cat")
	stdin, err := child.StdinPipe()
	check(err)
	stdout, err := child.StdoutPipe()
	check(err)
	check(child.Start())
	begin := time.Now()
	go func() {
		block := make([]byte, 65536)
		for time.Since(begin) < least {
			_, err := stdin.Write(block)
			check(err)
		}
		stdin.Close()
	}()
	buffer := make([]byte, 65536)
	size := 0
	for {
		n, err := stdout.Read(buffer)
		size += n
		if err == io.EOF {
			break
		}
		check(err)
	}
	fmt.Printf("cat %.0f MB/s\n", float64(size)/time.Since(begin).Seconds()/1e6)
	check(child.Wait())
}

func main() {
	seconds, err := strconv.ParseFloat(os.Getenv("BENCHMARK_SECONDS"), 64)
	check(err)
	least = time.Duration(seconds * float64(time.Second))
	if len(os.Args) > 1 && os.Args[1] == "cat" {
		throughCat()
		return
	}
	size, err := strconv.Atoi(os.Getenv("BENCHMARK_HEAP"))
	check(err)
	heap := make([]byte, size<<20)
	for i := range heap {
		heap[i] = 1
	}
	rate("spawn_1", 1)
	rate("spawn_8", 8)
	if heap[len(heap)-1] != 1 {
		panic("no heap")
	}
}
