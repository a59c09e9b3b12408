package table

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"gpwbench/results"
)

// marked makes the table of two data sets in which row best finds all queries of 12
// classes, near all but one, and far only those of three classes; old kept no per-query
// results, and chose looked at the test twice.
func marked(t testing.TB) *Table {
	t.Helper()
	store := open(t)
	plan := results.Plan{Schema: results.Schema, Order: []string{"cub", "cars", "best", "near", "far"}}
	for _, dataset := range []string{"cub", "cars"} {
		for label, missed := range map[string]func(class, k int) bool{
			"best":  func(class, k int) bool { return false },
			"near":  func(class, k int) bool { return class == 0 && k == 0 },
			"far":   func(class, k int) bool { return class > 2 && k > class%3 },
			"old":   nil,
			"chose": func(class, k int) bool { return false },
		} {
			for seed := range uint64(2) {
				r := runOf(dataset, label, seed)
				if label == "old" {
					r.Kind = results.KindBaseline
				}
				if label == "chose" {
					r.TestEvaluations = 2
				}
				files := map[string][]byte{}
				if missed != nil {
					files[results.QueriesFile(r.ID)] = queriesFile(t, &r, missed)
				}
				if err := store.Keep(r, files); err != nil {
					t.Fatal(err)
				}
				plan.Runs = append(plan.Runs, r.ID)
			}
		}
	}
	table, err := Of(store, plan)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// queriesFile makes the per-query results of 12 classes of 6 queries, and puts their mean
// into the record.
func queriesFile(t testing.TB, r *results.Record, missed func(class, k int) bool) []byte {
	t.Helper()
	q := &results.Queries{}
	found := 0
	for class := range 12 {
		for k := range 6 {
			above := int32(0)
			if missed(class, k) {
				above = 5
			} else {
				found++
			}
			q.Classes, q.Above = append(q.Classes, int32(class)), append(q.Above, above)
			q.Equal, q.PosEqual = append(q.Equal, 0), append(q.PosEqual, 1)
		}
	}
	r.Queries = 72
	r.Metrics = map[string]float64{"recall@1": float64(found) / 72, "recall_pessimistic@1": float64(found) / 72, "nmi": 0.25}
	var b bytes.Buffer
	if err := q.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Every format marks the best row and the tied one, keeps the raw values and its columns
// in line, and says below how it was decided and which rows have no part in it.
func TestMarks(t *testing.T) {
	table := marked(t)
	out := map[string]string{}
	for _, format := range results.Formats {
		var b bytes.Buffer
		if err := table.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		out[format] = b.String()
	}

	for format, want := range map[string][]string{
		"text": {
			"best    2  100.0 ± 0.0*", "near    2   98.6 ± 0.0=", "far     2   50.0 ± 0.0 \n", "old     2   50.0 ± 0.0 \n",
			"Marked (text: * and =;", "cub: with 12 test classes, a row must truly be ", "Not compared: no per-query results", "run the experiment again (cub/old, cars/old).",
			"the step was chosen on the test classes (cub/chose, cars/chose).", "no mean over queries: NMI.",
		},
		"markdown": {"| **100.0 ± 0.0** |", " 98.6 ± 0.0 = |", "   50.0 ± 0.0 |"},
		"latex":    {`best & 2 & \textbf{100.0 $\pm$ 0.0} & `, `near & 2 & 98.6 $\pm$ 0.0\rlap{$^{=}$} & `, `far & 2 & 50.0 $\pm$ 0.0 & `},
		"csv":      {",recall@1_mark\n", ",best\n", ",tied\n", ",worse\n", ",\n"},
	} {
		for _, text := range want {
			text = strings.ReplaceAll(text, " \n", " ")
			if !strings.Contains(out[format], text) {
				t.Errorf("%s lacks %q:\n%s", format, text, out[format])
			}
		}
	}
	inLine(t, out["text"])

	var got struct {
		Rows []struct {
			Label   string
			Metrics map[string]struct{ Mean float64 }
			Against map[string]struct {
				Best, Tied bool
				Difference float64
				PHolm      *float64 `json:"p_holm"`
				Seeds      int
			} `json:"against_best"`
		}
	}
	if err := json.Unmarshal([]byte(out["json"]), &got); err != nil {
		t.Fatal(err)
	}
	for _, r := range got.Rows {
		tie, compared := r.Against["recall@1"]
		if compared != (r.Label == "best" || r.Label == "near" || r.Label == "far") {
			t.Errorf("JSON compares %s: %v", r.Label, compared)
		}
		if compared && (tie.Best != (r.Label == "best") || tie.Tied != (r.Label != "far") || tie.Difference != 0 && tie.Difference != r.Metrics["recall@1"].Mean-1 || tie.Seeds != 2) {
			t.Errorf("JSON has %s as %+v", r.Label, tie)
		}
		if r.Label == "far" && (tie.PHolm == nil || *tie.PHolm >= 0.05) {
			t.Errorf("far has the p %v", tie.PHolm)
		}
	}
}

// inLine wants the points of a column's figures under one another in every block.
func inLine(t *testing.T, text string) {
	t.Helper()
	block, _, _ := strings.Cut(text, "\n\n")
	at := -1
	for _, line := range strings.Split(block, "\n")[3:] {
		place := utf8.RuneCountInString(line[:strings.Index(line, ".")])
		if at >= 0 && place != at {
			t.Errorf("the figures are not in line:\n%s", block)
		}
		at = place
	}
}

// The intervals of the seeds and of the classes stand in the place of the spread, and the
// first note says which they are.
func TestStyles(t *testing.T) {
	table := marked(t)
	for interval, want := range map[Interval][]string{
		T:         {"far     2   50.0   25.0\n", "Student's t over n seeds", "No interval in R@1, because the results of 2 runs are equal (cub/"},
		Bootstrap: {"far     2  50.0 [28.0, 72.0]", "bootstrap over the test classes, which says", "old     2               50.0 ", "No interval in R@1, because the mean is the same for every class (cub/best, cub/chose, cars/best, cars/chose)."},
		SD:        {"far     2   50.0 ± 0.0", "mean ± sample standard deviation"},
	} {
		if err := table.Use(Style{Interval: interval}); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := table.Write(&b, "text"); err != nil {
			t.Fatal(err)
		}
		for _, text := range want {
			if !strings.Contains(b.String(), text) {
				t.Errorf("%s lacks %q:\n%s", interval, text, b.String())
			}
		}
	}
	if err := table.Use(Style{}); err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(table.Notes, "\n"); strings.Contains(notes, "No interval") || strings.Count(notes, "R@K is Recall@K") != 1 {
		t.Errorf("after a change of style the notes are\n%s", notes)
	}
	errorHas(t, table.Use(Style{Interval: "se"}), `no interval "se"`, "sd, t, bootstrap")
}

// A wide table has a group of columns for each data set, and the same cells.
func TestWide(t *testing.T) {
	table := marked(t)
	if err := table.Use(Style{Wide: true}); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := table.Write(&b, "latex"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`\begin{tabular}{lrrrrrr}`, ` & \multicolumn{3}{c}{cub} & \multicolumn{3}{c}{cars} \\`, `\cmidrule(lr){2-4}\cmidrule(lr){5-7}`,
		`method & n & R@1 & NMI & n & R@1 & NMI \\`,
		"old & 2 & 50.0 & -- & 2 & 50.0 & -- \\\\[-3pt]\n &  & {\\tiny $\\pm$ 0.0} &  &  & {\\tiny $\\pm$ 0.0} &  \\\\\n\\midrule\nbest & ",
		"near & 2 & 98.6\\rlap{$^{=}$} & 25.0 & 2 & 98.6\\rlap{$^{=}$} & 25.0 \\\\[-3pt]\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the wide table lacks %s:\n%s", want, b.String())
		}
	}
}

// broad has the metrics of most runs, rows of a sweep, and rows trained
// elsewhere.
func broad(datasets ...string) *Table {
	var records []results.Record
	for _, d := range datasets {
		for seed := range 3 {
			for k, label := range []string{"frozen", "Multi-Similarity", "Multi-Similarity", "MS fine-tuned"} {
				r := results.Record{ID: fmt.Sprint(d, seed, k), Label: label, Loss: label, Kind: results.KindLoss, Seed: uint64(seed), Dataset: results.DatasetInfo{Name: d}, Metrics: map[string]float64{}}
				switch {
				case k == 0:
					r.Kind = results.KindBaseline
				case k == 3:
					r.Kind = results.KindElsewhere
				default:
					r.Swept = results.Swept{"optimizer.lr": float64(k)}
				}
				for m, key := range []string{"recall@1", "recall@2", "recall@4", "recall@8", "map_at_r", "r_precision"} {
					r.Metrics[key] = 0.5 + 0.01*float64(seed*m+k)
				}
				records = append(records, r)
			}
		}
	}
	return Summarize(records, datasets, nil)
}

// A wide table has a row for each value of a sweep and for each row trained elsewhere.
// Groups stand beside each other while there is room, and else below.
func TestWideHasAllRowsAndFits(t *testing.T) {
	for _, c := range []struct {
		interval Interval
		datasets []string
		tabulars int
	}{
		{SD, []string{"cub", "cars"}, 1}, {SD, []string{"cub", "cars", "sop"}, 2}, {T, []string{"cub"}, 1}, {T, []string{"cub", "cars"}, 2},
	} {
		table := broad(c.datasets...)
		if err := table.Use(Style{Interval: c.interval, Wide: true}); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := table.Write(&b, "latex"); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		if n := strings.Count(text, `\begin{tabular}`); n != c.tabulars {
			t.Errorf("%s of %d data sets: %d tabulars, want %d", c.interval, len(c.datasets), n, c.tabulars)
		}
		for _, row := range []string{"\nfrozen & -- & 3", "\nMulti-Similarity & 1 & 3", "\nMulti-Similarity & 2 & 3", "\\midrule\nMS fine-tuned & -- & 3"} {
			if n := strings.Count(text, row); n != c.tabulars {
				t.Errorf("%s of %d data sets: %d rows %q\n%s", c.interval, len(c.datasets), n, row, text)
			}
		}
		compiles(t, text, fmt.Sprint(c.interval, c.datasets))
	}
}

// compiles checks that LaTeX takes the tables and that none is wider or longer than the
// page, where there is a LaTeX to try it.
func compiles(t *testing.T, text, name string) {
	t.Helper()
	compilesIn(t, "\\documentclass{article}\\textwidth=6.75in\n", text, name)
}

func compilesIn(t *testing.T, class, text, name string) {
	t.Helper()
	latex, err := exec.LookPath("pdflatex")
	if err != nil {
		t.Log("no pdflatex on this machine")
		return
	}
	text = class + "\\usepackage{booktabs,graphicx}\\begin{document}Before.\n\n" + text + "\nAfter.\\end{document}\n"
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "t.tex"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(latex, "-interaction=nonstopmode", "-halt-on-error", "t.tex")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil || bytes.Contains(out, []byte(`Overfull \hbox`)) || bytes.Contains(out, []byte("Float too large")) {
		t.Errorf("%s: error %v\n%s", name, err, out)
	}
}

// Both LaTeX tables compile as they are printed, where there is a LaTeX to try it.
func TestLaTeXCompiles(t *testing.T) {
	table := marked(t)
	for _, wide := range []bool{false, true} {
		if err := table.Use(Style{Interval: T, Wide: wide}); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := table.Write(&b, "latex"); err != nil {
			t.Fatal(err)
		}
		compiles(t, b.String(), fmt.Sprint("wide ", wide))
	}
}

// A table of more rows than a page has lines is divided, each row once, and every part
// has the caption, its number and at most a page of lines. The notes are in no float.
func TestLongLaTeX(t *testing.T) {
	var records []results.Record
	for k := range 41 {
		for seed := range 2 {
			r := runOf("cub", fmt.Sprintf("loss %02d", k), uint64(seed))
			if k < 3 {
				r.Kind = results.KindBaseline
			}
			r.Metrics = map[string]float64{"recall@1": 0.5 + 0.001*float64(k*seed), "map_at_r": 0.25, "recall@2": 0.6, "recall@4": 0.7, "recall@8": 0.8, "r_precision": 0.3}
			records = append(records, r)
		}
	}
	for _, c := range []struct {
		style Style
		parts int
	}{{Style{}, 2}, {Style{Interval: T}, 3}, {Style{Wide: true}, 3}} {
		table := Summarize(records, nil, nil)
		if err := table.Use(c.style); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := table.Write(&b, "latex"); err != nil {
			t.Fatal(err)
		}
		text := b.String()
		for k := range 41 {
			if n := strings.Count(text, fmt.Sprintf("\nloss %02d & ", k)); n != 1 {
				t.Errorf("%+v: row %d is there %d times", c.style, k, n)
			}
		}
		floats := strings.Count(text, `\end{table`)
		if floats != c.parts || !strings.Contains(text, fmt.Sprintf("Part %d of %d.}", floats, floats)) {
			t.Errorf("%+v: %d floats, want %d\n%s", c.style, floats, c.parts, text)
		}
		notes := text[strings.LastIndex(text, `\end{table`):]
		if !strings.Contains(notes, "R@K is Recall@K") || strings.Contains(notes, "minipage") || strings.Contains(text[:len(text)-len(notes)], "R@K is") {
			t.Errorf("%+v: the notes are not below the floats:\n%s", c.style, text)
		}
		for _, class := range []string{"\\documentclass{article}\n", "\\documentclass[12pt]{article}\n", "\\documentclass[twocolumn]{article}\\textwidth=6.875in\\columnsep=0.3125in\n"} {
			compilesIn(t, class, text, fmt.Sprintf("%+v %s", c.style, class))
		}
	}
}
