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
)

// Moments come back as they were, to the bit.
func TestMomentFile(t *testing.T) {
	p, _ := momentBatch(t, 20, "multi_similarity")
	none := math.NaN()
	want := []Moment{
		new(Gauge).Moment(p),
		{Step: 7, Loss: 1.0 / 3, Positive: Kind{Mean: none, Low: none, High: none}, Negative: Kind{Pairs: 2, Weighted: 1, Mass: 1e-300, Effective: 1, Hardest: 1, Largest: 1, Force: 0.1, Mean: -0.1, Low: -1, High: 1}},
	}
	path := written(t, func(b *bytes.Buffer) error { return WriteMoments(b, want) })
	got, err := ReadMoments(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
}

func TestMomentFileDamaged(t *testing.T) {
	head := strings.Join(MomentColumns(), ",") + "\n"
	for text, want := range map[string]string{
		"":                 "does not name the columns",
		"step,loss\n0,1\n": "does not name the columns",
		head + "0,1\n":     "wrong number of fields",
		head + "x" + strings.Repeat(",0", 21) + "\n":   "line 2, column step",
		head + "0,y" + strings.Repeat(",0", 20) + "\n": "line 2, column loss",
	} {
		path := written(t, func(b *bytes.Buffer) error { _, err := b.WriteString(text); return err })
		if _, err := ReadMoments(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "delete it, and the run is made again") {
			t.Errorf("of %q: error %v, want one with %q and what to do", text, err, want)
		}
	}
	if _, err := ReadMoments(filepath.Join(t.TempDir(), "none.csv")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: error %v", err)
	}
}
