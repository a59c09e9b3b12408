package experiments

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gpwbench/benchmarks/datasets"
	"gpwbench/benchmarks/names"
)

// A partition that changed gives other ids, also where its file has the same name. The
// same partition and splits by class give the ids that they gave.
func TestPartitionIsInTheID(t *testing.T) {
	b, err := datasets.Lookup(names.InShop.Name)
	if err != nil {
		t.Fatal(err)
	}
	var labels, partition []int64
	for class := range b.Classes {
		parts := []int64{0}
		if class >= b.TrainClasses {
			parts = []int64{1, 2}
		}
		for _, part := range parts {
			labels, partition = append(labels, int64(class)), append(partition, part)
		}
	}
	r := rand.New(rand.NewPCG(5, 1))
	features := make([]float32, 3*len(labels))
	for k := range features {
		features[k] = float32(r.NormFloat64())
	}

	x, y := writeNPY(t, "x.npy", []int{len(labels), 3}, features), writeNPY(t, "y.npy", []int{len(labels)}, labels)
	ids := func(split string, partition []int64) []string {
		t.Helper()
		dir := "{name: shop, features: " + x + ", labels: " + y + ", split: " + split
		if partition != nil {
			dir += ", partition: " + writeNPY(t, "p.npy", []int{len(partition)}, partition)
		}
		s, err := parseSpec("name: x\ndatasets: [" + dir + "}]\nlosses: [contrastive]\nbaselines: [frozen]\nseeds: 1\nsteps: 2\n")
		if err != nil {
			t.Fatal(err)
		}
		r, err := newRunner(s, Options{})
		if err != nil {
			t.Fatal(err)
		}
		l, err := r.load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, jobs := range l.jobs {
			for _, j := range jobs {
				if has := strings.Contains(string(j.record.Settings), `"partition"`); has != (partition != nil) {
					t.Errorf("%s of %s: the settings have a partition: %v", j, split, has)
				}
			}
		}
		return l.plan(r.spec).Runs
	}

	first := ids("inshop", partition)
	if again := ids("inshop", slices.Clone(partition)); !slices.Equal(again, first) || len(first) != 3 {
		t.Errorf("the same partition gave %v and %v", first, again)
	}
	last := len(partition) - 1
	partition[last], partition[last-1] = partition[last-1], partition[last] // query and gallery
	for k, id := range ids("inshop", partition) {
		if id == first[k] {
			t.Errorf("run %d has the id of another partition", k)
		}
	}
	ids("half", nil)
}

// The partition of a stand-in follows from its name and scale: no id changes for it.
func TestPartitionOfAStandIn(t *testing.T) {
	s, err := parseSpec("name: x\ndatasets: [{name: shop, synthetic: inshop, scale: 0.01}]\nlosses: [contrastive]\n")
	if err != nil {
		t.Fatal(err)
	}
	d, err := load(&s.Datasets[0])
	if err != nil {
		t.Fatal(err)
	}
	if d.split.GalleryIsQuery || d.divisionChecksum() != "" {
		t.Errorf("the stand-in of In-Shop has the checksum %q", d.divisionChecksum())
	}
}
