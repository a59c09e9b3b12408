package table

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gpwbench/results"
	"gpwbench/results/compare"
)

// ablated keeps runs of the labels on a data set: of the 20 queries of each of 30
// classes, each row finds one, two or three more than the row before it.
func ablated(t *testing.T, dataset string, labels ...string) *Table {
	t.Helper()
	s := open(t)
	plan := results.Plan{Schema: results.Schema, Reference: "ms_cvpr2019"}
	for place, label := range labels {
		q, found := &results.Queries{}, 0
		for class := range 30 {
			right := 2*place + rand.New(rand.NewPCG(uint64(place), uint64(class))).IntN(2)
			for k := range 20 {
				above := int32(0)
				if k >= right {
					above = 1
				} else {
					found++
				}
				q.Classes, q.Above = append(q.Classes, int32(class)), append(q.Above, above)
				q.Equal, q.PosEqual = append(q.Equal, 0), append(q.PosEqual, 1)
			}
		}
		r := runOf(dataset, label, 0)
		r.Queries, r.Metrics = 600, map[string]float64{"recall@1": float64(found) / 600}
		var file bytes.Buffer
		if err := q.Write(&file); err != nil {
			t.Fatal(err)
		}
		if err := s.Keep(r, map[string][]byte{results.QueriesFile(r.ID): file.Bytes()}); err != nil {
			t.Fatal(err)
		}
		plan.Runs = append(plan.Runs, r.ID)
	}
	table, err := Of(s, plan)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// The order of the ablation is tested below its table, whichever way it comes out.
func TestOrderBelowTable(t *testing.T) {
	rows := reference(t).About.Orders[0].Rows
	backwards := make([]string, len(rows))
	for k, row := range rows {
		backwards[len(rows)-1-k] = row
	}
	for want, labels := range map[compare.Verdict][]string{compare.Agree: rows, compare.Disagree: backwards} {
		table := ablated(t, "cars196", labels...)
		if len(table.Orders) != 1 || table.Orders[0].Verdict != want || table.Orders[0].BestVerdict != want {
			t.Fatalf("%s: orders %+v", want, table.Orders)
		}
		notes := strings.Join(table.Notes, "\n")
		for _, text := range []string{
			"cars196: the ablation of Wang et al., CVPR 2019 claims an order of rows in R@1.",
			fmt.Sprintf("< Binomial + MS mining < MS in R@1: %s (", want), fmt.Sprintf("cars196: MS is the best of them: %s (", want),
			fmt.Sprintf("cars196: BinLifted < Binomial: %s, ", want),
		} {
			if !strings.Contains(notes, text) {
				t.Errorf("%s: the notes lack %q:\n%s", want, text, notes)
			}
		}

		var out bytes.Buffer
		if err := table.Write(&out, "json"); err != nil {
			t.Fatal(err)
		}
		var read struct {
			Orders []struct{ Title, Dataset, Verdict string }
		}
		if err := json.Unmarshal(out.Bytes(), &read); err != nil || len(read.Orders) != 1 || read.Orders[0].Verdict != string(want) || read.Orders[0].Dataset != "cars196" {
			t.Errorf("JSON has %+v, error %v", read.Orders, err)
		}
	}
}

// An order is not tested where a row is missing, nor said of another experiment or
// benchmark.
func TestOrderNotTested(t *testing.T) {
	rows := reference(t).About.Orders[0].Rows
	for _, c := range []struct {
		dataset string
		rows    []string
		want    string
	}{
		{"cars196", rows[1:], "which is not tested, because there is no row MS mining."},
		{"cars196", rows[:1], ""}, {"cars196", []string{"MS", "other"}, ""},
		{"cub200", rows, ""}, {"birds", rows, ""},
	} {
		table := ablated(t, c.dataset, c.rows...)
		notes := strings.Join(table.Notes, "\n")
		if table.Orders != nil || (c.want == "") == strings.Contains(notes, "claims an order") || !strings.Contains(notes, c.want) {
			t.Errorf("%s, %d rows: %+v\n%s", c.dataset, len(c.rows), table.Orders, notes)
		}
	}
}
