package table

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/results"
	"gpwbench/results/stats"
)

var update = flag.Bool("update", false, "rewrite testdata")

// run makes a record of made-up numbers; recalls are at 1, 2 and 4.
func run(dataset, label, loss string, seed uint64, recalls ...float64) results.Record {
	r := runOf(dataset, label, seed)
	r.Loss, r.Preset, _ = strings.Cut(loss, ".")
	r.Warnings = nil
	r.Metrics = map[string]float64{"map_at_r": recalls[0] / 2}
	for i, v := range recalls {
		r.Metrics[fmt.Sprint("recall@", 1<<i)] = v
		r.Metrics[fmt.Sprint("recall_pessimistic@", 1<<i)] = v / 2
	}
	return r
}

// frozen makes r a baseline that nothing was trained for.
func frozen(r results.Record) results.Record {
	r.Kind, r.Loss, r.Preset, r.Params, r.Head, r.Protocol, r.ProtocolNote = results.KindBaseline, "frozen", "", "", "none", "none", "nothing is trained"
	return r
}

// everything is a table in which all that a table can show is shown.
func everything(t *testing.T) *Table {
	t.Helper()
	var records []results.Record
	for seed := range uint64(3) {
		d := (float64(seed) - 1) / 100
		binomial := run("cars196", "Binomial", "binomial_deviance.scaled", seed, 0.44+d, 0.55+d, 0.66+d)
		ms := run("cars196", "MS", "multi_similarity.official", seed, 0.45-d, 0.56, 0.67)
		own := run("cars196", `a|b_c & 100% $x^2 <α> [*]`, "contrastive.gpw", seed, 0.1, 0.2, 0.3)
		own.Warnings = []string{"the loss was 0 for 12 of 200 steps"}
		collapsed := run("cub", "LiftedStruct*", "lifted_structure.star", seed, 0.4, 0.6, 0.8)
		collapsed.Ties = 58 + int(seed)
		paper := run("cub", "multi_similarity", "multi_similarity.official", seed, 0.5, 0.6, 0.7)
		paper.Protocol, paper.ProtocolNote = "paper", "the best of 11 evaluations on the test classes: it flatters"
		paper.Metrics["optimism"] = 0.012 + d
		paper.SourceRevision = "fedcba9876543210"
		records = append(records, own, ms, binomial, collapsed, paper)
	}

	records = append(records, frozen(run("cub", "raw features", ".", 0, 0.5, 0.6)), frozen(run("cub", "frozen", ".", 0, 0.51, 0.61)), frozen(run("cars196", "frozen", ".", 0, 0.406, 0.517, 0.629)))
	for i := range records {
		r := &records[i]
		if r.Preprocess = "l2, center"; r.Label == "raw features" {
			r.Preprocess = "none"
		}
		if r.Kind == results.KindLoss {
			r.Drawn = &results.Drawn{Rows: 580 - int(r.Seed), Classes: 99, Anchors: 1000, WithoutPositives: 12}
		}
		if r.Dataset.Name == "cub" {
			r.Dataset.Synthetic, r.Dataset.Title, r.Dataset.Provenance = true, "CUB-200-2011", "stand-in synthetic_cub_v1 at scale 0.1"
			r.WithoutPositives = 3
		} else {
			r.Dataset.Title, r.Dataset.Provenance = "Cars-196", "features.npy, labels.npy, classes 98/98"
			r.Dataset.TrainRows, r.Dataset.TestRows, r.Dataset.Dim = 4008, 4136, 1280
			if r.Kind == results.KindLoss {
				r.Head, r.Drawn = "linear 1280→64, pca", &results.Drawn{Rows: 4008, Classes: 100, Anchors: 49000}
			}
		}
	}

	ref, err := Published("ms_cvpr2019")
	if err != nil {
		t.Fatal(err)
	}
	return Summarize(records, []string{"cub", "cars196", "frozen", "LiftedStruct*", "multi_similarity", "MS", "Binomial"}, ref)
}

func TestFormats(t *testing.T) {
	table := everything(t)
	for format, ext := range map[string]string{"text": "txt", "markdown": "md", "latex": "tex", "csv": "csv", "json": "json"} {
		var got bytes.Buffer
		if err := table.Write(&got, format); err != nil {
			t.Fatal(err)
		}
		name := "testdata/table." + ext
		if *update {
			if err := os.WriteFile(name, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}

		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s differs; if that is wanted, run go test -update (-want +got)\n%s", name, diff)
		}
		if !strings.Contains(got.String(), "synthetic") {
			t.Errorf("%s does not say that cub is synthetic", format)
		}
	}

	err := table.Write(&bytes.Buffer{}, "html")
	errorHas(t, err, `results: no table format "html": there are text, markdown, latex, csv, json`)
	if names := results.Formats; len(names) != 5 {
		t.Errorf("Formats has %d names, this test knows 5", len(names))
	}
}

func TestEmptyTable(t *testing.T) {
	table := Summarize(nil, nil, nil)
	for format, want := range map[string]string{
		"text":     "no runs yet\n",
		"markdown": "no runs yet\n",
		"latex":    "% Needs \\usepackage{booktabs,graphicx}. Each table is a float; the notes below them are text. Input it between\n% paragraphs, and not inside a table environment. A table that is wider than the line is scaled down to it.\n% A wide one has as many data sets side by side as have room in 6.75 inches, the page of a paper of two columns.\nno runs yet\n",
		"csv":      "dataset,label,loss,preset,head,protocol,n,preprocess,warnings\n",
		"json":     "{\n  \"rows\": [],\n  \"notes\": []\n}\n",
	} {
		var got bytes.Buffer
		if err := table.Write(&got, format); err != nil || got.String() != want {
			t.Errorf("%s: got %q, %v, want %q", format, got.String(), err, want)
		}
	}
}

// The order of records must not show in a table.
func TestSummarizeOrder(t *testing.T) {
	rows := func(table *Table) (names []string) {
		for _, b := range table.Blocks {
			for _, r := range b.Rows {
				names = append(names, b.Dataset.Name+"/"+r.Label)
			}
		}
		return names
	}

	records := []results.Record{
		run("cub", "triplet", "triplet.gpw", 0, 0.1), run("cub", "contrastive", "contrastive.gpw", 0, 0.1), run("cub", "zeta", "z.z", 0, 0.1),
		frozen(run("cub", "pca", ".", 0, 0.1)), frozen(run("cub", "frozen", ".", 0, 0.1)), run("cub", "eta", "e.e", 0, 0.1),
		run("a", "triplet", "triplet.gpw", 0, 0.1), run("b", "triplet", "triplet.gpw", 0, 0.1),
	}

	order := []string{"cub", "b", "triplet", "contrastive", "frozen", "pca"}
	want := []string{"cub/frozen", "cub/pca", "cub/triplet", "cub/contrastive", "cub/eta", "cub/zeta", "b/triplet", "a/triplet"}
	if diff := cmp.Diff(want, rows(Summarize(records, order, nil))); diff != "" {
		t.Errorf("rows (-want +got)\n%s", diff)
	}
	slices.Reverse(records)
	if diff := cmp.Diff(want, rows(Summarize(records, order, nil))); diff != "" {
		t.Errorf("rows of reversed records (-want +got)\n%s", diff)
	}
}

// JSON as design §4 has it: the keys that other programs read, and fractions of 1.
func TestJSONContract(t *testing.T) {
	var out bytes.Buffer
	if err := everything(t).Write(&out, "json"); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Rows []struct {
			Dataset, Label, Loss, Preset, Head, Protocol string
			Metrics                                      map[string]map[string]*float64
		}
	}

	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	byLabel := map[string]map[string]*float64{}
	for _, r := range got.Rows {
		byLabel[r.Dataset+"/"+r.Label] = r.Metrics["recall@1"]
	}

	// Seeds gave 0.43, 0.44, 0.45: mean 0.44, sd 0.01, half width 4.302653·0.01/√3 =
	// 0.024841.
	for key, want := range map[string]float64{"mean": 0.44, "sd": 0.01, "low": 0.44 - 0.0248414, "high": 0.44 + 0.0248414, "n": 3} {
		if v := byLabel["cars196/Binomial"][key]; v == nil || math.Abs(*v-want) > 1e-7 {
			t.Errorf("Binomial %s is not %g", key, want)
		}
	}

	frozen := byLabel["cars196/frozen"]
	for _, key := range []string{"sd", "low", "high"} {
		if v, present := frozen[key]; !present || v != nil {
			t.Errorf("one run has %s %v (present: %v), want null", key, v, present)
		}
	}

	if *frozen["n"] != 1 || *frozen["mean"] != 0.406 {
		t.Errorf("frozen has n %v, mean %v", *frozen["n"], *frozen["mean"])
	}
}

func TestCSVIsRectangular(t *testing.T) {
	var out bytes.Buffer
	if err := everything(t).Write(&out, "csv"); err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(&out).ReadAll() // refuses ragged lines
	if err != nil || len(lines) != 9 {
		t.Errorf("%d lines, %v, want 9", len(lines), err)
	}
}

// Runs that do not belong together are not averaged, and a table says what it holds.
func TestUnlikeRuns(t *testing.T) {
	change := func(f func(*results.Record)) []results.Record {
		a, b := run("cub", "MS", "multi_similarity.official", 0, 0.5), run("cub", "MS", "multi_similarity.official", 0, 0.7)
		b.Settings = json.RawMessage(`{"other":1}`)
		b.ID = results.ID(b.Settings)
		f(&b)
		return []results.Record{a, b}
	}
	for _, c := range []struct {
		name         string
		records      []results.Record
		blocks, rows int
		note         string
	}{
		{"params", change(func(r *results.Record) { r.Params = "β 10" }), 1, 2, "MS stands for runs of unlike settings or revisions"},
		{"loss revision", change(func(r *results.Record) { r.Revisions.Loss = 2 }), 1, 2, "MS stands for runs of unlike settings or revisions"},
		{"same seed", change(func(r *results.Record) {}), 1, 1, "MS holds several runs of seed 0 under unlike settings"},
		{"other data", change(func(r *results.Record) { r.Dataset.Checksum = "other" }), 2, 2, "The runs on cub are on unlike contents"},
		{"stand-in", change(func(r *results.Record) { r.Dataset.Synthetic = true }), 2, 2, "cub (synthetic): "},
		{"head", change(func(r *results.Record) { r.Head = "linear 64→32" }), 1, 2, ""},
		{"protocol", change(func(r *results.Record) { r.Protocol = "paper" }), 1, 2, ""},
		{"source revision", change(func(r *results.Record) { r.Seed, r.SourceRevision = 1, "" }), 1, 1, "The runs were made by 2 revisions of the source: unknown (1 of 2 runs), 0123456789ab (1 of 2 runs)."},
	} {
		table := Summarize(c.records, nil, nil)
		rows := 0
		for _, b := range table.Blocks {
			rows += len(b.Rows)
		}
		notes := strings.Join(table.Notes, "\n")
		if len(table.Blocks) != c.blocks || rows != c.rows || !strings.Contains(notes, c.note) {
			t.Errorf("%s: %d blocks, %d rows, want %d, %d and a note %q in\n%s", c.name, len(table.Blocks), rows, c.blocks, c.rows, c.note, notes)
		}
		if c.note == "" && strings.Contains(notes, "unlike") {
			t.Errorf("%s: notes speak of unlike runs:\n%s", c.name, notes)
		}
	}
}

// A row is marked when any run has more than 1 % tied queries, not at 1 %.
func TestTieMark(t *testing.T) {
	for ties, want := range map[int]bool{0: false, 10: false, 11: true} {
		a, b := run("cub", "MS", "multi_similarity.official", 0, 0.5), run("cub", "MS", "multi_similarity.official", 1, 0.5)
		a.Queries, b.Queries, b.Ties = 1000, 1000, ties
		table := Summarize([]results.Record{a, b}, nil, nil)
		marked := strings.Contains(table.Blocks[0].Cells()[0][0], "†")
		noted := strings.Contains(strings.Join(table.Notes, "\n"), "[ties against, ties for] is R@1 [25.0, 50.0].")
		if marked != want || noted != want {
			t.Errorf("%d of 1000 queries tied: marked %v, noted %v, want %v", ties, marked, noted, want)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 120053: "120,053", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("thousands(%d) = %s, want %s", n, got, want)
		}
	}
}

// An interval of Student's t is cut at what the metric can be.
func TestIntervalsWithinTheMetric(t *testing.T) {
	for _, c := range []struct{ least, low, high float64 }{{0, 0, 1}, {-1, -0.25, 1}} {
		low, high := -0.25, 1.25
		got := stats.Stat{Mean: 0.5, Low: &low, High: &high, N: 2}.Within(c.least, 1)
		if c.low == 0 {
			if got.Low != nil || got.High != nil || got.Why == "" {
				t.Errorf("an interval of all that the metric can be: %+v", got)
			}
			continue
		}
		if *got.Low != c.low || *got.High != c.high {
			t.Errorf("[%v, %v], want [%v, %v]", *got.Low, *got.High, c.low, c.high)
		}
	}
}
