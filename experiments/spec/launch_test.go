package spec

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"gpwbench/losses"
)

const launchedSpec = `name: a
datasets: [{name: cub, synthetic: cub}]
losses: [contrastive]
launch:
  runs_per_task: 4
  parallel: 3
  partition: main
  time: 1:30:00
  cpus: 2
  mem: 4G
  account: lab
  qos: long
  constraint: zen5|zen4
  gres: gpu:1
  requeues: 0
  setup: [module load go, "export A='b c'"]
  directives: [--exclude=n3, --nice 100]
`

// The block is read, kept by a built spec, and changed by overrides.
func TestLaunch(t *testing.T) {
	s, err := Parse("a.yaml", []byte(launchedSpec), []string{"launch.partition=gpu", "launch.time=30"}, losses.Catalogue)
	if err != nil {
		t.Fatal(err)
	}
	want := Launch{
		RunsPerTask: 4, Parallel: 3, Partition: "gpu", Time: "30", CPUs: 2, Mem: "4G", Account: "lab", QOS: "long", Constraint: "zen5|zen4", Gres: "gpu:1",
		Setup: []string{"module load go", "export A='b c'"}, Directives: []string{"--exclude=n3", "--nice 100"},
	}
	if !reflect.DeepEqual(s.Launch, want) {
		t.Errorf("read %+v, want %+v", s.Launch, want)
	}

	s.Name = "b" // now it is one that a program built
	checked, err := s.Checked()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(checked.Launch, want) {
		t.Errorf("built and read again %+v, want %+v", checked.Launch, want)
	}
	if got := checked.Launch.String(); !strings.HasPrefix(got, "runs_per_task 4, parallel 3, partition gpu, time 30, cpus 2") || !strings.HasSuffix(got, "setup of 2 lines, directives of 2 lines") {
		t.Errorf("as text: %s", got)
	}

	if plain, err := Parse("a.yaml", []byte("name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [contrastive]\n"), nil, losses.Catalogue); err != nil || plain.Launch.Requeues != DefaultRequeues {
		t.Errorf("a spec without the block: %+v, %v", plain, err)
	}
}

func TestWrongLaunch(t *testing.T) {
	for block, want := range map[string]string{
		"partiton: main":               `a.yaml:4:10: unknown key "partiton" in launch (did you mean partition?)`,
		"partition: a b":               `a.yaml:4:21: partition must be the name of a partition, not "a b"`,
		"partition: $(rm)":             "partition must be the name of a partition",
		"time: soon":                   "time must be a time as Slurm writes it",
		"time: 1h":                     "minutes, hours:minutes:seconds or days-hours",
		"cpus: 0":                      "cpus = 0 is too small; at least 1",
		"mem: 4 GB":                    "mem must be a whole number with K, M, G or T",
		"mem: 4G, mem_per_cpu: 1G":     "leave one out",
		"runs_per_task: many":          "runs_per_task must be a whole number",
		"parallel: 0":                  "parallel = 0 is too small; at least 1",
		"requeues: -1":                 "requeues = -1 is too small",
		"setup: [[a]]":                 "setup must be a list of texts of one line, not a list",
		`setup: ["a\nb"]`:              "setup must be a list of texts of one line",
		"directives: [-x n3]":          "directives must be long options of sbatch",
		"directives: [--array=0-3]":    "directives has --array, which the launcher writes itself: the launcher cuts the runs; write parallel",
		"directives: [--partition=x]":  "write partition",
		`directives: ["--exclude\nx"]`: "directives must be a list of texts of one line",
	} {
		_, err := Parse("a.yaml", []byte("name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [contrastive]\nlaunch: {"+block+"}\n"), nil, losses.Catalogue)
		if wrong := new(SpecError); !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", block, err, want)
		}
	}

	_, err := Parse("a.yaml", []byte("name: a\ndatasets: [{name: cub, synthetic: cub}]\nlosses: [contrastive]\nsweep: {launch.cpus: [1, 2]}\n"), nil, losses.Catalogue)
	if err == nil || !strings.Contains(err.Error(), "launch.cpus is not swept: it changes no number") {
		t.Errorf("a sweep of resources: %v", err)
	}
}
