//go:build unix

package verification

import (
	"os"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"gpwbench/benchmarks/retrieval"
)

// BenchmarkSOP verifies a set of the size of the test classes of SOP, beside the
// product of the same pairs alone. It runs if GPW_SOP is set, to the part of the rows
// and classes that is taken: 1 takes about two minutes on two cores.
func BenchmarkSOP(b *testing.B) {
	part, err := strconv.ParseFloat(os.Getenv("GPW_SOP"), 64)
	if err != nil {
		b.Skip("GPW_SOP is not set to a part of SOP, such as 0.25")
	}
	x, labels := clouds(int(60502*part), int(11316*part), 512, 5)
	p, err := retrieval.PairsOf(retrieval.Float32(x), labels)
	if err != nil {
		b.Fatal(err)
	}

	for b.Loop() {
		product := measured(func() {
			_ = p.Tiles(b.Context(), 0, func() func(retrieval.PairTile) { return func(retrieval.PairTile) {} })
		})
		var s *Scores
		verified := measured(func() {
			s, err = evaluate(b.Context(), p, Options{FARs: []float64{1e-6, 1e-4, 1e-3, 1e-2}, OPIS: true, force: narrow})
		})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(product.wall.Seconds(), "product-s")
		b.ReportMetric(product.processor.Seconds(), "product-cpu-s")
		b.ReportMetric(verified.wall.Seconds(), "verified-s")
		b.ReportMetric(verified.processor.Seconds(), "verified-cpu-s")
		b.ReportMetric(verified.processor.Seconds()/product.processor.Seconds(), "ratio")
		b.Logf("%d cores, %+v", runtime.GOMAXPROCS(0), *s)
	}
}

type duration struct{ wall, processor time.Duration }

func measured(f func()) duration {
	processor := func() time.Duration {
		var u syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	start, used := time.Now(), processor()
	f()
	return duration{time.Since(start), processor() - used}
}
