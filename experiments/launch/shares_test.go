package launch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/experiments"
	"gpwbench/experiments/spec"
	"gpwbench/losses"
	"gpwbench/results/table"
)

// Tasks that share a search, one of which has no place in the queue at first, find what
// one process finds.
func TestTuneWaits(t *testing.T) {
	dir := t.TempDir()
	fakeSlurm(t, 2)
	s, err := spec.Parse("searched.yaml", []byte(`name: searched
datasets: [{name: cub, synthetic: cub, scale: 0.05}]
baselines: none
losses: [contrastive]
protocol: {name: holdout, folds: 2, every: 1}
steps: 2
`), nil, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	o := TuneOptions{TuneOptions: experiments.TuneOptions{Trials: 15, Seed: 3, Revision: "r1"}, How: testOptions(t).How, Tasks: 3}
	o.Wait = true
	out, err := Tune(context.Background(), s, dir, o)
	if err != nil {
		t.Fatal(err)
	}
	if out.Tuning == nil || out.Done != 15 || out.Trials != 15 || out.Together != 5 || out.Left != 0 || len(out.Submitted) == 0 {
		t.Fatalf("at the end: %+v", out)
	}
	if l, err := launches(dir); err != nil || len(l) == 0 || l[0].Search.Trials != 15 || l[0].Search.Seed != 3 || l[0].report(0) == nil || l[0].report(0).Made == 0 {
		t.Errorf("the launches: %+v, %v", l, err)
	}

	alone, err := experiments.Tune(context.Background(), s, t.TempDir(), o.TuneOptions)
	if err != nil {
		t.Fatal(err)
	}
	var want, have strings.Builder
	if err := errors.Join(table.WriteTuning(&want, alone, "json"), table.WriteTuning(&have, out.Tuning, "json")); err != nil {
		t.Fatal(err)
	}
	if want.String() != have.String() || want.Len() == 0 {
		t.Errorf("the tuning is\n%s\nand of one process\n%s", have.String(), want.String())
	}
}

// The shares of a search are as many as are of use, and those of another search are
// others.
func TestSharesOfASearch(t *testing.T) {
	for _, c := range []struct{ tasks, cpus, together, want int }{
		{0, 0, 10, 8}, {0, 4, 10, 3}, {0, 1, 5, 5}, {0, 64, 5, 1}, {20, 4, 10, 20},
	} {
		o := TuneOptions{Tasks: c.tasks}
		s := &spec.Spec{}
		s.Launch.CPUs = c.cpus
		all := o.shares(s, experiments.TuningStanding{Together: c.together}, &Search{Trials: 7})
		if len(all) != c.want {
			t.Errorf("%+v: %d tasks", c, len(all))
		}
		others := o.shares(s, experiments.TuningStanding{Together: c.together}, &Search{Trials: 8})
		if all[0].Runs[0] == others[0].Runs[0] || len(all) > 1 && all[0].Runs[0] == all[1].Runs[0] {
			t.Errorf("%+v: shares are named %v and %v", c, all, others)
		}
	}
}

// Each part is a task with its command, those that are whole have none, and a program
// that runs no commands says so.
func TestPartsAreCommands(t *testing.T) {
	dir := t.TempDir()
	fakeSlurm(t, 10)
	how := testOptions(t).How
	how.Program = "/none" // no task gets as far as this test does
	whole := false
	p := Parts{Name: "eval", Revision: "r1", Commands: [][]string{{"eval", "1"}, {"eval", "2"}, {"eval", "3"}}, Look: func() ([]int, int, int, error) {
		if whole {
			return nil, 9, 9, nil
		}
		return []int{0, 2}, 9, 3, nil
	}}
	out, err := RunParts(context.Background(), dir, p, how)
	if err != nil || out.All != 9 || out.Done != 3 || len(out.Submitted) != 1 || out.Submitted[0].Tasks != 2 {
		t.Fatalf("%+v, %v", out, err)
	}
	all, err := launches(dir)
	if err != nil || len(all) != 1 || strings.Join(all[0].Tasks[1].Args, " ") != "eval 3" {
		t.Fatalf("%+v, %v", all, err)
	}
	if err := Make(context.Background(), all[0].dir, 1, MakeOptions{Revision: "r1"}); err == nil || !strings.Contains(err.Error(), "this program runs none") {
		t.Errorf("without commands: %v", err)
	}
	var ran []string
	if err := Make(context.Background(), all[0].dir, 1, MakeOptions{Revision: "r1", Command: func(_ context.Context, args []string) error { ran = args; return nil }}); err != nil || strings.Join(ran, " ") != "eval 3" {
		t.Errorf("ran %v, %v", ran, err)
	}
	if r := all[0].report(1); r == nil || r.Error != "" {
		t.Errorf("the report: %+v", r)
	}

	whole = true
	if out, err = RunParts(context.Background(), dir, p, how); err != nil || len(out.Submitted) != 0 || out.Done != 9 {
		t.Errorf("whole: %+v, %v", out, err)
	}
	if text, err := PartsScript(context.Background(), filepath.Join(dir, "none"), p, how); err != nil || !strings.Contains(text, "all parts are done") {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "none")); err == nil {
		t.Error("a dry run made a folder")
	}
}
