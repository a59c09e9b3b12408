package status

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"gpwbench/results"
	"gpwbench/results/claims"
)

// BenchmarkOf reads a folder of 5,000 runs that are done, of five kilobytes each.
func BenchmarkOf(b *testing.B) {
	const runs = 5000
	dir := b.TempDir()
	plan := results.Plan{Schema: results.Schema, Experiment: "many"}
	var records []results.Record
	for seed := range uint64(runs) {
		settings, err := results.Canonical(map[string]any{"seed": seed, "what": strings.Repeat("setting ", 400)})
		if err != nil {
			b.Fatal(err)
		}
		metrics := map[string]float64{}
		for k := range 40 {
			metrics[fmt.Sprintf("recall@%d", k+1)] = 0.5
		}
		r := results.Record{
			ID: results.ID(settings), Schema: results.Schema, Settings: settings, Experiment: "many", Label: "Triplet", Kind: results.KindLoss,
			Dataset: results.DatasetInfo{Name: "cub"}, Protocol: "fixed", Seed: seed, Metrics: metrics,
		}
		records, plan.Runs = append(records, r), append(plan.Runs, r.ID)
	}
	s, err := results.OpenWith(dir, claims.Options{Kind: claims.Lease, Revision: "r1"})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if err := s.Begin(b.Context(), results.Output{Plan: plan, Spec: []byte("name: many\n")}); err != nil {
		b.Fatal(err)
	}
	for _, r := range records {
		if err := s.Keep(r, nil); err != nil {
			b.Fatal(err)
		}
	}
	if info, err := os.Stat(s.Path(results.RecordName(plan.Runs[0]))); err == nil {
		b.ReportMetric(float64(info.Size()), "bytes/record")
	}

	before := processorSeconds()
	for b.Loop() {
		status, err := Of(b.Context(), dir, Options{})
		if err != nil || status.Counts[Done] != runs {
			b.Fatal(err, status)
		}
	}
	b.ReportMetric((processorSeconds()-before)/float64(b.N), "cpu-s/op")
}

func processorSeconds() float64 {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}
