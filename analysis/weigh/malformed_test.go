package weigh_test

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"gpwbench/analysis/weigh"
	"gpwbench/gpw"
	"gpwbench/losses"
)

// Without a batch, a loss, or weights there is nothing to report.
func TestMalformed(t *testing.T) {
	choice, err := losses.Choose(losses.Catalogue, "contrastive")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := weigh.Batch(choice, nil, gpw.Pooling{}); err == nil {
		t.Error("a report of no batch")
	}
	if _, err := weigh.Batch(losses.Choice{}, new(losses.Batch), gpw.Pooling{}); err == nil {
		t.Error("a report of no loss")
	}

	for _, r := range []*weigh.Report{
		nil, {}, {Choice: choice}, {Batch: new(losses.Batch)},
		{Choice: choice, Batch: new(losses.Batch), Gradient: make([]float64, 3)},
	} {
		for _, format := range []string{"text", "json", "csv", "none such"} {
			if err := r.Write(io.Discard, format); err == nil {
				t.Errorf("%+v is written as %s", r, format)
			}
		}
		if all := r.Remarks(); all != nil {
			t.Errorf("%+v has the remarks %q", r, all)
		}
	}
}

// A batch whose candidates are not its anchors has a column of the gradient for each
// candidate.
func TestCandidates(t *testing.T) {
	choice, err := losses.Choose(losses.Catalogue, "contrastive")
	if err != nil {
		t.Fatal(err)
	}
	for _, candidates := range [][]int{{0}, {0, 0, 1}} {
		s := make([]float64, 2*len(candidates))
		b, err := losses.NewCross(s, []int{0, 1}, candidates, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := weigh.Batch(choice, b, gpw.Pooling{})
		if err != nil {
			t.Fatal(err)
		}

		var text strings.Builder
		if err := r.Write(&text, "json"); err != nil {
			t.Fatal(err)
		}
		var got struct{ Gradient [][]float64 }
		if err := json.Unmarshal([]byte(text.String()), &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Gradient) != 2 || len(got.Gradient[0]) != len(candidates) || len(got.Gradient[1]) != len(candidates) {
			t.Errorf("%d candidates: gradient %v", len(candidates), got.Gradient)
		}
	}
}
