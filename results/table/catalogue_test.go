package table

import (
	"bytes"
	"strings"
	"testing"

	"gpwbench/results"
)

// Figures of metrics of the catalogue are in percent where they are fractions of 1, and as
// they are otherwise; the head says where smaller ones are better, and the notes say which.
func TestCatalogueColumns(t *testing.T) {
	a, b := runOf("cub", "A", 0), runOf("cub", "B", 0)
	for r, values := range map[*results.Record][4]float64{&a: {0.75, 0.125, -2.34567, 83.25}, &b: {0.5, 0.25, -1.5, 7}} {
		for k, key := range []string{"ndcg@10", "eer", "uniformity", "effective_rank"} {
			r.Metrics[key], r.Metrics[key+"_low"] = values[k], values[k]
		}
	}
	a.Metrics["class_ratio"], a.Metrics["class_ratio_low"] = 0.5, 0.5
	b.Unanswered = map[string]string{"class_ratio": "all rows are equal"}
	table := Summarize([]results.Record{a, b}, nil, nil)

	for format, want := range map[string][]string{
		"text":     {"nDCG@10", "EER ↓", "Uniformity ↓", "Effective rank", " 75.0 ", " 12.5 ", " -2.346", " 83.25 ", "Not in percent, but as they are defined: Intra/inter-class ratio, Effective rank, Uniformity.\n", "↓ marks metrics of which smaller values are better: EER, Uniformity.\n", "Neither larger nor smaller values are better by themselves: Intra/inter-class ratio.\n", "No Intra/inter-class ratio of a run, because all rows are equal (B).\n"},
		"latex":    {`EER $\downarrow$`, "-2.346"},
		"csv":      {"ndcg@10_mean", "uniformity_mean", "-2.34567"},
		"json":     {`"ndcg@10"`, "-2.34567", "smaller values are better"},
		"markdown": {"EER ↓"},
	} {
		var out bytes.Buffer
		if err := table.Write(&out, format); err != nil {
			t.Fatal(err)
		}
		for _, text := range want {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%s lacks %q:\n%s", format, text, out.String())
			}
		}
	}

	plain := Summarize([]results.Record{runOf("cub", "A", 0)}, nil, nil)
	for _, n := range plain.Notes {
		if strings.Contains(n, "Not in percent") || strings.Contains(n, results.LowerMark) {
			t.Errorf("a table of fractions alone notes %q", n)
		}
	}
}

// Of an error rate the row with the least is the best of a tuning, and a fall is a gain.
func TestTuningOfAnErrorRate(t *testing.T) {
	d := results.TunedDataset{Dataset: results.DatasetInfo{Name: "birds"}, Rows: []results.TunedRow{tunedRow("A", 0.5, 0.4), tunedRow("B", 0.6, 0.1), tunedRow("C", -1, -1)}}
	d.Conclude("eer")
	var out bytes.Buffer
	if err := WriteTuning(&out, &results.Tuning{Trials: 2, Metric: "eer", Folds: 4, Datasets: []results.TunedDataset{d}}, "text"); err != nil {
		t.Fatal(err)
	}
	b, a, c := strings.Index(out.String(), "\nB "), strings.Index(out.String(), "\nA "), strings.Index(out.String(), "\nC ")
	if !(0 < b && b < a && a < c) {
		t.Errorf("the rows stand otherwise:\n%s", out.String())
	}
	for _, want := range []string{"EER ↓ in percent", "B       0.0    60.0      10.0   50.0  ", "A from trial 1, B from trial 2"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}
