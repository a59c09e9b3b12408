package table

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"gpwbench/results"
)

// elsewhereRun is a run of embeddings that another program made.
func elsewhereRun(dataset, label string, seed uint64, dims string) results.Record {
	r := runOf(dataset, label, seed)
	r.Kind, r.Loss, r.Preset, r.Params, r.Head = results.KindElsewhere, "", "", "", "trained elsewhere, "+dims+"-d"
	r.Preprocess, r.Protocol, r.ProtocolNote = "none", "none", "evaluated once, trained elsewhere"
	r.Steps, r.Trajectory, r.Warnings = 0, nil, nil
	return r
}

// Every row that was trained elsewhere is named as such, however many there are, and where
// losses stand beside them the note says what their difference is not.
func TestElsewhereIsNamed(t *testing.T) {
	var rs []results.Record
	var names []string
	for _, label := range strings.Split("ABCDEFGHIJ", "") {
		rs, names = append(rs, elsewhereRun("cub", label, 0, "512")), append(names, label)
	}
	rs = append(rs, elsewhereRun("cub", "small", 0, "64"), elsewhereRun("cub", "small", 1, "64"))
	alone := strings.Join(Summarize(rs, nil, nil).Notes, "\n") + "\n"
	for _, want := range []string{
		"Trained elsewhere, evaluated here: " + strings.Join(names, ", ") + " (512 dimensions); small (64 dimensions).\n",
		"How they were trained, and whether anything was chosen on the test classes, is not known here.\n",
		"n of a row trained elsewhere is its number of files, which stand for its seeds.\n",
		"Protocol none: evaluated once, trained elsewhere.\n",
	} {
		if !strings.Contains(alone, want) {
			t.Errorf("no note %q in\n%s", want, alone)
		}
	}
	if strings.Contains(alone, "No preprocessing") || strings.Contains(alone, "Head:") {
		t.Errorf("notes of what was not done here:\n%s", alone)
	}

	loss := runOf("cub", "here", 0)
	both := strings.Join(Summarize(append(rs, loss), nil, nil).Notes, "\n")
	if want := "is not known here: the recipe is not that of the rows trained here, and a difference from these is not one between losses alone.\n"; !strings.Contains(both, want) {
		t.Errorf("no note %q in\n%s", want, both)
	}
	if neither := strings.Join(Summarize([]results.Record{loss}, nil, nil).Notes, "\n"); strings.Contains(neither, "lsewhere") {
		t.Errorf("a table without such rows speaks of them:\n%s", neither)
	}
	two := append(slices.Clone(rs[:1]), elsewhereRun("cars", "A", 0, "512"))
	if notes := strings.Join(Summarize(two, nil, nil).Notes, "\n"); !strings.Contains(notes, "evaluated here: cars/A, cub/A (512 dimensions).\n") {
		t.Errorf("two data sets: %s", notes)
	}
}

// Rows that were trained elsewhere stand behind losses in every format, and programs know
// them by their kind. Other tables have the columns that they had.
func TestElsewhereByKind(t *testing.T) {
	base := runOf("cub", "frozen", 0)
	base.Kind, base.Loss = results.KindBaseline, ""
	rs := []results.Record{elsewhereRun("cub", "A", 0, "512"), runOf("cub", "Z", 0), base}
	table := Summarize(rs, []string{"cub", "A", "Z", "frozen"}, nil)
	write := func(table *Table, format string) string {
		var b bytes.Buffer
		if err := table.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}

	lines, err := csv.NewReader(strings.NewReader(write(table, "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	without, err := csv.NewReader(strings.NewReader(write(Summarize(rs[1:], nil, nil), "csv"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(lines[0], append(without[0], "kind")) {
		t.Errorf("header %q, without such rows %q", lines[0], without[0])
	}
	var order, kinds []string
	for _, line := range lines[1:] {
		order, kinds = append(order, line[1]), append(kinds, line[len(line)-1])
	}
	if want := []string{"baseline", "loss", "trained_elsewhere"}; !slices.Equal(order, []string{"frozen", "Z", "A"}) || !slices.Equal(kinds, want) {
		t.Errorf("rows %q of the kinds %q", order, kinds)
	}

	var read struct {
		Rows []struct{ Label, Kind, Head string }
	}
	if err := json.Unmarshal([]byte(write(table, "json")), &read); err != nil {
		t.Fatal(err)
	}
	if r := read.Rows[2]; r.Label != "A" || r.Kind != "trained_elsewhere" || r.Head != "trained elsewhere, 512-d" {
		t.Errorf("JSON has %+v", read.Rows)
	}
	if tex := write(table, "latex"); strings.Count(tex, `\midrule`) != 3 {
		t.Errorf("baselines, losses and rows trained elsewhere are not ruled apart:\n%s", tex)
	}
}

// A published number stands beside a loss that was trained here, and never beside a row
// that was trained elsewhere, whatever its label.
func TestElsewhereHasNoPublishedNumber(t *testing.T) {
	ref, err := Published("ms_cvpr2019")
	if err != nil {
		t.Fatal(err)
	}
	r := elsewhereRun("cub200", ref.Values[0].Row, 0, "512")
	r.Label, r.Loss, r.Preset = "multi_similarity.paper", "multi_similarity", "paper"
	if row := Summarize([]results.Record{r}, nil, ref).Blocks[0].Rows[0]; row.Published != nil || row.Unpublished != "" {
		t.Errorf("published %+v, or not because %q", row.Published, row.Unpublished)
	}
}

// Of labels alone the note tells of no training rows and no dimensions.
func TestLabelsAloneAreSaidSo(t *testing.T) {
	r := elsewhereRun("birds", "A", 0, "512")
	r.Dataset.Dim, r.Dataset.TrainRows, r.Dataset.Provenance = 0, 0, "labels y.npy, no features"
	if notes := strings.Join(Summarize([]results.Record{r}, nil, nil).Notes, "\n"); !strings.Contains(notes, "birds: labels y.npy, no features; 585 test rows of 100 classes.\n") {
		t.Errorf("notes:\n%s", notes)
	}
}

// One file without a seed is said to be one in every format.
func TestSeedlessIsSaid(t *testing.T) {
	one := elsewhereRun("cub", "one", 0, "512")
	one.Seedless = true
	table := Summarize([]results.Record{elsewhereRun("cub", "A", 0, "512"), elsewhereRun("cub", "A", 1, "512"), one}, nil, nil)
	for format, want := range map[string]string{
		"text":     "One file of embeddings without a seed, n = 1, which is compared with every seed of another row: one.",
		"markdown": "One file of embeddings without a seed, n = 1, which is compared with every seed of another row: one.",
		"json":     `"seedless": true`,
		"csv":      ",trained_elsewhere,true\n",
	} {
		var b bytes.Buffer
		if err := table.Write(&b, format); err != nil {
			t.Fatal(err)
		}
		if strings.Count(b.String(), want) != 1 {
			t.Errorf("%s: no %q, or several, in\n%s", format, want, b.String())
		}
	}
	if notes := strings.Join(Summarize([]results.Record{elsewhereRun("cub", "A", 0, "512")}, nil, nil).Notes, "\n"); strings.Contains(notes, "without a seed") {
		t.Errorf("a file of a seed is said to have none: %s", notes)
	}
}

// The contents of a data set count queries and gallery where these are different rows.
func TestContentsOfGallery(t *testing.T) {
	d := results.DatasetInfo{TestRows: 180, TestClasses: 12}
	for queries, want := range map[int]string{60: "180 test rows (60 queries, 120 of the gallery) of 12 classes", 180: "180 test rows of 12 classes", 0: "180 test rows of 12 classes"} {
		if got := contents(d, queries); got != want {
			t.Errorf("%d queries: %q, want %q", queries, got, want)
		}
	}
}
