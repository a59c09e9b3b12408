package results

import (
	"bytes"
	"encoding/json"
	"flag"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample is a whole record of made-up numbers.
func sample(dataset, label string, seed uint64) Record {
	settings, err := Canonical(map[string]any{"dataset": dataset, "label": label, "seed": seed, "lr": 1e-4})
	if err != nil {
		panic(err)
	}
	return Record{
		ID: ID(settings), Schema: Schema, Experiment: "sample", Settings: settings,
		Dataset: DatasetInfo{
			Name: dataset, Title: dataset, Provenance: "made up", Checksum: "c0ffee", Rows: 1179,
			TrainRows: 594, TestRows: 585, TrainClasses: 100, TestClasses: 100, Dim: 64,
		},
		Label: label, Loss: "contrastive", Preset: "gpw", Params: "λ 0.5", Kind: KindLoss,
		Head: "linear 64→64, identity", Protocol: "fixed", ProtocolNote: "200 steps, nothing chosen",
		Seed: seed, Steps: 200,
		Metrics: map[string]float64{"recall@1": 0.5, "recall_pessimistic@1": 0.5},
		Queries: 585, TestEvaluations: 1,
		Trajectory:     []Point{{Step: 200, Loss: 0.25, Metrics: map[string]float64{"recall@1": 0.5}}},
		Warnings:       []string{"a <warning> & more"},
		SourceRevision: "0123456789abcdef", Revisions: Revisions{Loss: 1, Trainer: 1},
	}
}

// unsummed is a record as older programs wrote it: without the checksum, which is the
// last field.
func unsummed(t *testing.T, data []byte) []byte {
	t.Helper()
	before, _, found := strings.Cut(string(data), ",\n  \"checksum\": \"")
	if !found || !strings.HasSuffix(before, "  }") {
		t.Fatalf("the last field of the record is no checksum:\n%s", data)
	}
	return []byte(before + "\n}\n")
}

func TestCanonical(t *testing.T) {
	for _, c := range []struct {
		name string
		in   any
		want string
	}{
		{"keys sorted at every depth", json.RawMessage(`{"b": {"d": 1, "c": 2}, "a": []}`), `{"a":[],"b":{"c":2,"d":1}}`},
		{"spellings of one number", json.RawMessage(`[1e-4, 0.0001, 1.0E-4, 1.00e2, 1.5]`), `[0.0001,0.0001,0.0001,100,1.5]`},
		{"no HTML escaping", map[string]string{"a<b": "x & y"}, `{"a<b":"x & y"}`},
		{"seed beyond a float64", map[string]uint64{"seed": math.MaxUint64}, `{"seed":18446744073709551615}`},
		{"negative zero", []float64{math.Copysign(0, -1)}, `[0]`},
		{"the rest", json.RawMessage(`[null, true, "α\u03b2"]`), `[null,true,"αβ"]`},
	} {
		got, err := Canonical(c.in)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s, %v, want %s", c.name, got, err, c.want)
			continue
		}
		if again, _ := Canonical(json.RawMessage(got)); string(again) != c.want {
			t.Errorf("%s: canonical form of the canonical form is %s", c.name, again)
		}
	}
	for _, bad := range []any{math.NaN(), math.Inf(1), json.RawMessage(`1 2`), json.RawMessage(``), json.RawMessage(`1e999`)} {
		if got, err := Canonical(bad); err == nil {
			t.Errorf("Canonical(%s) = %s, want an error", bad, got)
		}
	}
}

// The hash of the three bytes "abc" is the first example of FIPS 180-2, appendix B.
func TestID(t *testing.T) {
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if got := ID([]byte("abc")); got != want {
		t.Errorf("ID = %s, want %s", got, want)
	}
}

func TestRecordRoundTrip(t *testing.T) {
	want := sample("cub", "contrastive", math.MaxUint64)
	want.Preprocess, want.AsPreset, want.Drawn = "l2, center", true, &Drawn{Rows: 590, Classes: 100, Anchors: 16000, WithoutPositives: 3}
	data, err := want.encode()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(data), "a <warning> & more") {
		t.Error("the file escapes HTML")
	}
	got, err := decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record changed on the way (-want +got):\n%s", diff)
	}
}

func TestRecordRefused(t *testing.T) {
	for _, c := range []struct {
		want  string
		spoil func(*Record)
	}{
		{"its settings hash to", func(r *Record) { r.Settings = json.RawMessage(`{"seed":8}`) }},
		{"settings: json", func(r *Record) { r.Settings = json.RawMessage(`{`) }},
		{"its settings hash to", func(r *Record) { r.Settings = nil }},
		{"has schema 0, want 1", func(r *Record) { r.Schema = 0 }},
		{`has kind ""`, func(r *Record) { r.Kind = "" }},
		{"no data set or no label", func(r *Record) { r.Label = "" }},
		{"its metric recall@1 is NaN", func(r *Record) { r.Metrics["recall@1"] = math.NaN() }},
		{"unsupported value: +Inf", func(r *Record) { r.Trajectory[0].Loss = math.Inf(1) }},
	} {
		r := sample("cub", "contrastive", 7)
		c.spoil(&r)
		if _, err := r.encode(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got error %v, want %q", err, c.want)
		}
	}
}

var update = flag.Bool("update", false, "write the example record of FORMAT.md")

// The record that FORMAT.md shows, one of those that package cli makes and compares.
const (
	exampleRecords = "../internal/cli/testdata/frozen/records.json"
	exampleID      = "cdc53c5e02b6a94bbcea50913ebcf6d10c99ffdbaa9ca83360fb7d79c8e791d7"
)

// FORMAT.md shows the file of a real record, whole.
func TestFormatExample(t *testing.T) {
	want := recordNamed(t, exampleRecords, exampleID)
	r, err := decode([]byte(want))
	if err != nil {
		t.Fatal(err)
	}
	if r.Kind != KindLoss || len(r.Files) == 0 || len(r.Warnings) == 0 {
		t.Errorf("the example is of kind %s with %d files and %d warnings: it shows too little", r.Kind, len(r.Files), len(r.Warnings))
	}

	doc, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(doc), "```json\n")
	example, after, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("FORMAT.md has no example record")
	}
	if *update {
		example = want
		if err := os.WriteFile("FORMAT.md", []byte(before+"```json\n"+want+"```"+after), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	if diff := cmp.Diff(want, example); diff != "" {
		t.Errorf("the example is not the record that the program writes; run this test with -update (-written +example):\n%s", diff)
	}
	if name := RecordName(r.ID); !strings.Contains(before, name) {
		t.Errorf("FORMAT.md does not name the example's file %s", name)
	}
}

// recordNamed returns the file of a record from a file of several.
func recordNamed(t *testing.T, file, id string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}

	for d := json.NewDecoder(bytes.NewReader(data)); ; {
		var record json.RawMessage
		if err := d.Decode(&record); err != nil {
			t.Fatalf("%s has no whole record %s: %v", file, id, err)
		}
		var r struct {
			ID    string
			Files map[string]string
		}

		if err := json.Unmarshal(record, &r); err != nil {
			t.Fatal(err)
		}
		if r.ID == id && len(r.Files) > 0 { // one run kept no files in another folder
			return string(record) + "\n"
		}
	}
}

// FORMAT.md describes every field of a record, of a plan, of a trial and of a tuning,
// every key of the settings, and every metric.
func TestFormatNames(t *testing.T) {
	doc, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	check := func(name string) {
		inDoc := func(form string) bool { return strings.Contains(string(doc), form) }
		if !inDoc("`"+name+"`") && !inDoc("`"+name+"@K`") && !inDoc("`training."+name+"`") {
			t.Errorf("FORMAT.md does not describe %s", name)
		}
	}

	var visit func(of reflect.Type)
	visit = func(of reflect.Type) {
		for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct {
			return
		}

		for k := range of.NumField() {
			f := of.Field(k)
			name := f.Tag.Get("json")
			if name == "" {
				name = f.Tag.Get("yaml")
			}
			if name, _, _ = strings.Cut(name, ","); name == "-" {
				continue // which is in no file
			}
			check(name)
			visit(f.Type)
		}
	}

	visit(reflect.TypeFor[Record]())
	visit(reflect.TypeFor[Settings]())
	visit(reflect.TypeFor[Plan]())
	visit(reflect.TypeFor[trialFile]())
	visit(reflect.TypeFor[Tuning]())

	for _, m := range Metrics {
		check(m.Name)
		if m.Extremes {
			check(m.LowKey())
			check(m.HighKey())
		}
	}
}

// Whatever is read as a record is written as one that reads the same, and has the same
// bytes from then on.
func FuzzDecode(f *testing.F) {
	data, err := sample("cub", "contrastive", 7).encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte(`{"schema": 1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := decode(data)
		if err != nil {
			return
		}

		first, err := r.encode()
		if err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		again, err := decode(first)
		if err != nil {
			t.Fatalf("written but not read: %v", err)
		}
		if second, _ := again.encode(); string(second) != string(first) {
			t.Errorf("written as\n%s\nthen as\n%s", first, second)
		}
	})
}

func FuzzCanonical(f *testing.F) {
	f.Add([]byte(`{"b": [1e-4, -0.0, 18446744073709551615], "a<": "é\u0000"}`))
	f.Add([]byte(`1e400`))
	f.Fuzz(func(t *testing.T, data []byte) {
		once, err := Canonical(json.RawMessage(data))
		if err != nil {
			return
		}
		if twice, err := Canonical(json.RawMessage(once)); err != nil || string(twice) != string(once) {
			t.Errorf("canonical form %s has canonical form %s, %v", once, twice, err)
		}
	})
}
