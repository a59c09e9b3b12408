package table

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"gpwbench/results"
)

// sweptRuns are those of a sweep of two settings, which touch one row both, one row the
// first, and one row none. Their metric says which it is of.
func sweptRuns() ([]results.Record, sweepOrder) {
	order := sweepOrder{{Path: "optimizer.lr", Values: []any{0.01, 1e-5}}, {Path: "head", Values: []any{"none", []any{"a", "b"}}}}
	var all []results.Record
	add := func(label string, recall float64, swept results.Swept) {
		for seed := range uint64(2) {
			r := runOf("cub", label, seed)
			r.Metrics = map[string]float64{"recall@1": recall + 0.01*float64(seed), "map_at_r": recall / 2}
			r.Swept = swept
			all = append(all, r)
		}
	}
	for i, lr := range order[0].Values {
		for j, head := range order[1].Values {
			add("both", 0.1+0.1*float64(2*i+j), results.Swept{"optimizer.lr": lr, "head": head})
		}
		add("one", 0.6+0.1*float64(i), results.Swept{"optimizer.lr": lr})
	}
	add("none", 0.9, nil)
	slices.Reverse(all)
	return all, order
}

// Rows of one label are in the order of the sweep's values, which have columns of their
// own; they are never averaged.
func TestSweptRows(t *testing.T) {
	records, order := sweptRuns()
	table := summarize(records, []string{"cub", "one", "both", "none"}, order, nil)
	b := table.Blocks[0]
	var lines []string
	for _, cells := range b.Cells() {
		lines = append(lines, strings.Join(cells[:5], "|"))
	}
	want := []string{
		"one|1e-2|–|2|60.5 ± 0.7", "one|1e-5|–|2|70.5 ± 0.7",
		"both|1e-2|none|2|10.5 ± 0.7", "both|1e-2|a, b|2|20.5 ± 0.7", "both|1e-5|none|2|30.5 ± 0.7", "both|1e-5|a, b|2|40.5 ± 0.7",
		"none|–|–|2|90.5 ± 0.7",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("rows\n%q, want\n%q", lines, want)
	}
	if got := b.Header()[:4]; !slices.Equal(got, []string{"method", "optimizer.lr", "swept head", "n"}) {
		t.Errorf("header %q", got)
	}
	for _, n := range table.Notes {
		if strings.Contains(n, "unlike settings") {
			t.Errorf("a sweep is taken for a mixture: %s", n)
		}
	}

	fields, err := csv.NewReader(bytes.NewReader(written(t, table.Write, "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(fields[0][:5], "|") + " " + strings.Join(fields[4][:5], "|"); got != "dataset|label|optimizer.lr|swept head|loss cub|both|1e-2|a, b|contrastive" {
		t.Errorf("csv: %s", got)
	}
	var data struct {
		Rows []struct{ Swept results.Swept }
	}
	if err := json.Unmarshal(written(t, table.Write, "json"), &data); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(data.Rows[3].Swept, data.Rows[6].Swept); got != "map[head:[a b] optimizer.lr:0.01] map[]" {
		t.Errorf("json: %s", got)
	}
}

func written(t *testing.T, write func(w io.Writer, format string) error, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A cell of a pivot is the row of the table with that value.
func TestPivot(t *testing.T) {
	records, order := sweptRuns()
	table := summarize(records, []string{"cub", "one", "both", "none"}, order, nil)
	p, err := table.Pivot("optimizer.lr", "")
	if err != nil {
		t.Fatal(err)
	}
	header, cells := p.grid(p.Blocks[0], strings.TrimSpace)
	got := fmt.Sprint(header, cells)
	want := "[method 1e-2 1e-5] [[one 60.5 ± 0.7 70.5 ± 0.7] [both (head none) 10.5 ± 0.7 30.5 ± 0.7] " +
		"[both (head a, b) 20.5 ± 0.7 40.5 ± 0.7] [none 90.5 ± 0.7 90.5 ± 0.7]]"
	if got != want {
		t.Errorf("pivot\n%s, want\n%s", got, want)
	}
	for _, r := range p.Blocks[0].Rows {
		if r.Constant != (r.Label == "none") {
			t.Errorf("%s: constant is %v", r.Label, r.Constant)
		}
	}
	for _, note := range []string{"Columns are values of optimizer.lr; cells are R@1.", "optimizer.lr does not change these rows, whose one figure stands in every column: none.", "Also swept, and part of the names of rows: head."} {
		if !slices.Contains(p.Notes, note) {
			t.Errorf("the notes lack %q: %q", note, p.Notes)
		}
	}

	// A run that is not done leaves its cell empty, never another one's figure.
	missing := slices.DeleteFunc(slices.Clone(records), func(r results.Record) bool { return r.Label == "one" && r.Swept["optimizer.lr"] == 0.01 })
	if p, err = summarize(missing, []string{"cub", "one"}, order, nil).Pivot("optimizer.lr", "map_at_r"); err != nil {
		t.Fatal(err)
	}
	if _, cells := p.grid(p.Blocks[0], strings.TrimSpace); !slices.Equal(cells[0], []string{"one", "–", "35.0 ± 0.0"}) {
		t.Errorf("a row that lacks a run is %q", cells[0])
	}
}

// Every format of a pivot has its numbers.
func TestPivotFormats(t *testing.T) {
	records, order := sweptRuns()
	p, err := summarize(records, nil, order, nil).Pivot("head", "recall@1")
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "markdown", "latex"} {
		text := string(written(t, p.Write, format))
		if !strings.Contains(text, "10.5") || !strings.Contains(text, "R@1 by head") || !strings.Contains(text, "Columns are values of head") {
			t.Errorf("%s:\n%s", format, text)
		}
	}

	fields, err := csv.NewReader(bytes.NewReader(written(t, p.Write, "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var data struct {
		Path, Metric string
		Blocks       []struct {
			Values []any
			Rows   []struct {
				Label string
				Swept results.Swept
				Cells []*struct {
					Mean float64
					N    int
				}
			}
		}
	}
	if err := json.Unmarshal(written(t, p.Write, "json"), &data); err != nil {
		t.Fatal(err)
	}
	line := 1
	for _, r := range data.Blocks[0].Rows {
		for k, c := range r.Cells {
			want := []string{r.Label, results.SweptText(data.Blocks[0].Values[k]), fmt.Sprint(c.N), shortest(c.Mean)}
			if f := fields[line]; !slices.Equal([]string{f[1], f[5], f[7], f[8]}, want) {
				t.Errorf("csv has %q, json %q", f, want)
			}
			if math.IsNaN(c.Mean) {
				t.Error("NaN")
			}
			line++
		}
	}
	if line != len(fields) || data.Path != "head" || data.Metric != "recall@1" {
		t.Errorf("%d lines of csv, %d cells of json of %s by %s", len(fields), line, data.Metric, data.Path)
	}
	errorHas(t, p.Write(new(bytes.Buffer), "html"), `no table format "html"`)
}

func TestPivotErrors(t *testing.T) {
	records, order := sweptRuns()
	table := summarize(records, nil, order, nil)
	for _, c := range []struct {
		table        *Table
		path, metric string
		want         string
		known        int
	}{
		{table, "optimizer", "", `"optimizer" is not swept here; known: head, optimizer.lr`, 2},
		{table, "head", "recall@3", `no run has the metric "recall@3"; known: recall@1, map_at_r`, 2},
		{Summarize(records[:1], nil, nil), "head", "", "no setting is swept here", 0},
		{Summarize(nil, nil, nil), "head", "", "there are no runs yet", 0},
	} {
		_, err := c.table.Pivot(c.path, c.metric)
		e := new(PivotError)
		if !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) || len(e.Known) != c.known {
			t.Errorf("%s, %s: error %v, want %s", c.path, c.metric, err, c.want)
		}
	}
}

// Without the order of a spec, values are ordered as numbers.
func TestSweepOrderOfRecords(t *testing.T) {
	records, _ := sweptRuns()
	for k := range records {
		records[k].Swept = results.Swept{"steps": float64(int(100) >> (k % 8))}
	}
	values := Summarize(records, nil, nil).sweep.values("steps")
	if got := fmt.Sprint(values); got != "[0 1 3 6 12 25 50 100]" {
		t.Errorf("values %s", got)
	}
}
