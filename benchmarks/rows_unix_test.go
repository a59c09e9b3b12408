//go:build unix

package benchmarks_test

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"gpwbench/benchmarks/retrieval"
)

// BenchmarkRows times 1,024 queries against galleries that grow, in classes of ten, and
// reports what all queries of such a set cost: the time of all cores together, once by
// blocks of queries and, half of it, by the upper half of the pairs. The memory is what
// the evaluation takes beside the vectors.
//
//	go test ./benchmarks -run - -bench Rows -benchtime 1x -timeout 30m
func BenchmarkRows(b *testing.B) {
	const queries, cols = 1024, 128
	for _, n := range []int{60_000, 250_000, 1_000_000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			x, labels := clusters(n, cols, 10)
			o := retrieval.Options{Ks: []int{1}, MAPAtR: true, Only: retrieval.SampleOf(queries, n, 1)}
			peak := heapPeak(b)
			started := cpuTime(b)
			for b.Loop() {
				if _, err := retrieval.Evaluate(b.Context(), retrieval.Float32(x), labels, o); err != nil {
					b.Fatal(err)
				}
			}

			each := (cpuTime(b) - started).Seconds() / float64(b.N) / queries
			b.ReportMetric(1e3*each, "cpu-ms/query")
			b.ReportMetric(each*float64(n)/3600, "cpu-h/all")
			b.ReportMetric(float64(peak()>>20), "MiB")
		})
	}
}

// cpuTime is that of the process so far, on all cores.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// heapPeak returns a function that tells how much the heap has grown at the most since,
// looked at every ten milliseconds.
func heapPeak(b *testing.B) func() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc, m.HeapAlloc
	stop, done := make(chan bool), make(chan bool)
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(10 * time.Millisecond):
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-done
		return most - before
	}
}
