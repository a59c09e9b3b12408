package analysis

import (
	"bytes"
	"errors"
	"io/fs"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gpwbench/results"
)

// Moments come back as they were, to the bit.
func TestMomentFile(t *testing.T) {
	p, _ := momentBatch(t, 20, "multi_similarity")
	none := math.NaN()
	want := []WeightStats{
		new(StatsCollector).Collect(p),
		{Step: 7, Loss: 1.0 / 3, Positive: SideStats{Mean: none, Low: none, High: none}, Negative: SideStats{Pairs: 2, Weighted: 1, Mass: 1e-300, Effective: 1, Hardest: 1, Largest: 1, Force: 0.1, Mean: -0.1, Low: -1, High: 1}},
	}
	path := written(t, func(b *bytes.Buffer) error { return WriteStats(b, want) })
	got, err := ReadStats(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
}

// What a training does not come to is refused, so that no curve shows it: the columns of
// a whole line are changed one at a time.
func TestMomentFileDamaged(t *testing.T) {
	head := strings.Join(statsColumns(), ",") + "\n"
	line := func(changes ...string) string {
		cells := map[string]string{}
		for _, prefix := range []string{"positive_", "negative_"} {
			for column, cell := range map[string]string{
				"pairs": "4", "weighted": "2", "mass": "0.5", "effective": "2", "hardest": "0.5", "largest": "0.5", "force": "0.1", "s_mean": "0", "s_low": "-0.5", "s_high": "0.5",
			} {
				cells[prefix+column] = cell
			}
		}
		cells["step"], cells["loss"] = "0", "1"
		for k := 0; k < len(changes); k += 2 {
			cells[changes[k]] = changes[k+1]
		}
		var row []string
		for _, column := range statsColumns() {
			row = append(row, cells[column])
		}
		return strings.Join(row, ",") + "\n"
	}
	if got, err := readStats(strings.NewReader(head + line() + line("step", "3"))); err != nil || len(got) != 2 {
		t.Fatalf("of a whole file: %v, error %v", got, err)
	}
	for text, want := range map[string]string{
		"":                 "does not name the columns",
		"step,loss\n0,1\n": "does not name the columns",
		head:               "it has no step",
		head + "0,1\n":     "wrong number of fields",

		head + line("step", "x"):                                     "line 2, column step",
		head + line("loss", "y"):                                     "line 2, column loss",
		head + line("loss", "1e999"):                                 "line 2, column loss",
		head + line("loss", "Inf"):                                   "step 0: the loss is +Inf",
		head + line("loss", "NaN"):                                   "step 0: the loss is NaN",
		head + line("loss", ""):                                      "step 0: the loss is NaN",
		head + line("step", "-1"):                                    "it has step -1",
		head + line("step", "3") + line("step", "3"):                 "it has step 3 after step 3",
		head + line("step", "3") + line():                            "it has step 0 after step 3",
		head + line("positive_pairs", "-4"):                          "step 0, positive pairs: 2 of -4 pairs have weight",
		head + line("negative_weighted", "5"):                        "step 0, negative pairs: 5 of 4 pairs have weight",
		head + line("negative_weighted", "-1"):                       "-1 of 4 pairs",
		head + line("positive_mass", "+Inf"):                         "mass is +Inf",
		head + line("positive_mass", ""):                             "mass is NaN",
		head + line("positive_effective", "-1"):                      "effective is -1",
		head + line("positive_force", "NaN"):                         "force is NaN",
		head + line("positive_hardest", "1.5"):                       "hardest is 1.5",
		head + line("negative_largest", "-0.5"):                      "largest is -0.5",
		head + line("negative_s_mean", "Inf"):                        "4 pairs have a similarity of +Inf",
		head + line("negative_s_high", "2"):                          "4 pairs have a similarity of 2",
		head + line("negative_s_low", "0.75"):                        "the lowest similarity is 0.75, the highest 0.5",
		head + line("positive_pairs", "0", "positive_weighted", "0"): "0 pairs have a similarity of 0",
	} {
		path := written(t, func(b *bytes.Buffer) error { _, err := b.WriteString(text); return err })
		_, err := ReadStats(path)
		damaged := new(results.DamagedError)
		if !errors.As(err, &damaged) || damaged.Path != path || !strings.Contains(err.Error(), want) {
			t.Errorf("of %q: error %v, want that it is damaged: %q", strings.TrimPrefix(text, head), err, want)
		}
	}
	if _, err := ReadStats(filepath.Join(t.TempDir(), "none.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: error %v", err)
	}
	if err := WriteStats(new(bytes.Buffer), []WeightStats{{Loss: math.Inf(1)}}); err == nil || !strings.Contains(err.Error(), "the loss is +Inf") {
		t.Errorf("writing what is not read: error %v", err)
	}
}
