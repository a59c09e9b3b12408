package table

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/results"
)

// heldOut is a run of a loss of the Reality Check whose folds' heads were evaluated too.
func heldOut(dataset, label, loss string, folds int) results.Record {
	r := runOf(dataset, label, 0)
	r.Loss, r.Preset, _ = strings.Cut(loss, ".")
	r.Head, r.Protocol, r.TestEvaluations = "linear 1280→128, pca", "holdout", 1+folds+1
	r.Settings = json.RawMessage(fmt.Sprintf(`{"label": %q, "training": {"protocol": {"name": "holdout", "folds": %d}}}`, label, folds))
	r.Validation = &results.Validation{Metric: "map_at_r", Folds: folds, Chosen: results.ChoseSteps, Value: 20, Points: []results.ValidationPoint{{Value: 20, Mean: 0.5}}}
	r.Metrics = map[string]float64{"recall@1": 0.5, "map_at_r": 0.2, "r_precision": 0.3}
	r.Ensembles = map[string]map[string]float64{results.Separated: {"recall@1": 0.4}, results.Concatenated: {"recall@1": 0.6}}
	return r
}

// An ensemble stands behind its run with the numbers that are published of it: of heads
// of 128 dimensions one by one, and of 512 joined. The run itself has none.
func TestEnsemblesPublished(t *testing.T) {
	ref, err := Published("musgrave_eccv2020")
	if err != nil {
		t.Fatal(err)
	}
	rs := []results.Record{heldOut("cars196", "MS", "multi_similarity.weighting", 4), heldOut("cars196", "Contrastive", "contrastive.pml", 4)}
	b := Summarize(rs, []string{"MS", "Contrastive"}, ref).Blocks[0]
	var got []string
	for _, r := range b.Rows {
		text := r.Label
		for _, c := range r.Published {
			text += fmt.Sprint(" ", c.Metric, " ", c.Percent)
		}
		got = append(got, text)
	}
	if diff := cmp.Diff([]string{
		"MS", "MS, separated recall@1 73.77 r_precision 29.92 map_at_r 19.32", "MS, concatenated recall@1 85.14 r_precision 38.09 map_at_r 28.07",
		"Contrastive", "Contrastive, separated recall@1 69.80 r_precision 27.78 map_at_r 17.24",
		"Contrastive, concatenated recall@1 81.87 r_precision 35.11 map_at_r 24.89",
	}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	header := strings.Join(b.Header(), "|")
	for _, m := range []string{"R@1", "MAP@R", "R-precision"} {
		if title := "published " + m + " (Cars-196, heads of folds, BN-Inception, fine-tuned)"; strings.Count(header, title) != 1 {
			t.Errorf("%s is not one column of %s", title, header)
		}
	}
	if why := b.Rows[0].Unpublished; why != "those of this loss on Cars-196 are of the heads of folds, separated or concatenated" {
		t.Errorf("the run has no number because %q", why)
	}

	// Five heads joined have 640 dimensions, and no number.
	five := Summarize([]results.Record{heldOut("cars196", "MS", "multi_similarity.weighting", 5)}, nil, ref).Blocks[0].Rows[2]
	if five.Published != nil || !strings.HasSuffix(five.Unpublished, "are of 512 dimensions, the embeddings here of 640") {
		t.Errorf("five heads: %+v, %q", five.Published, five.Unpublished)
	}
}

// The per-query results of a run are those of its own head. Ensembles have none, are not
// compared, and did not choose on the test classes.
func TestEnsemblesNotCompared(t *testing.T) {
	s := open(t)
	r := heldOut("cars196", "MS", "multi_similarity.weighting", 4)
	r.ID = results.ID(r.Settings)
	table := Summarize([]results.Record{r}, nil, nil)
	table.Compare(s)
	set := table.Sets()[0]
	notes := strings.Join(table.Notes, "\n")
	for k := range 2 {
		if why := set.Why(k + 1); why != "of the ensembles of the folds' heads no per-query results are kept" {
			t.Errorf("row %d is not compared because %q", k+1, why)
		}
	}
	if strings.Contains(notes, "chosen on the test classes") {
		t.Errorf("an ensemble is said to have chosen on the test classes:\n%s", notes)
	}
}

// What an ensemble has no value of is said beside its row, and not of the run.
func TestEnsemblesUnanswered(t *testing.T) {
	r := heldOut("cars196", "MS", "multi_similarity.weighting", 4)
	r.EnsemblesUnanswered = map[string]map[string]string{results.Separated: {"opis": "the head of fold 2 of 4 has none: there is one class"}}
	notes := strings.Join(Summarize([]results.Record{r}, nil, nil).Notes, "\n")
	if want := "No OPIS ↓ of a run, because the head of fold 2 of 4 has none: there is one class (MS, separated)."; !strings.Contains(notes, want) {
		t.Errorf("the notes lack %q:\n%s", want, notes)
	}
}
