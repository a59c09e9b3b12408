package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"gpwbench/losses"
	"gpwbench/losses/describe"
)

// told runs gpw losses.
func told(t *testing.T, args ...string) string {
	t.Helper()
	var out, messages bytes.Buffer
	if code := Main(append([]string{"losses"}, args...), &out, &messages); code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, code, &messages)
	}
	return out.String()
}

// TestEveryFormatTells: what a gradient holds constant, the code that a preset is named
// after and where they differ stand in the text, the JSON, the CSV and the page of every
// loss.
func TestEveryFormatTells(t *testing.T) {
	for _, s := range describe.EveryLoss() {
		facts := slices.Clone(s.Notes)
		if s.Held != "" {
			facts = append(facts, s.Held)
		}
		for _, p := range s.Presets {
			facts = append(facts, p.Code, p.Departs)
		}
		rows, err := csv.NewReader(strings.NewReader(told(t, s.Name, "--format", "csv"))).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%s: %d rows of CSV, error %v", s.Name, len(rows), err)
		}
		formats := map[string]string{
			"text": told(t, s.Name), "json": told(t, s.Name, "--format", "json"), "markdown": told(t, s.Name, "--format", "markdown"), "csv": strings.Join(rows[1], "\n"),
		}
		csvFacts := []string{s.Cite, s.Formula}
		for _, p := range s.Presets {
			csvFacts = append(csvFacts, p.Name+": "+p.Source)
			for _, q := range losses.Parameters(p.Value) {
				csvFacts = append(csvFacts, p.Name+"."+q.Name+"="+q.Text())
			}
		}
		for _, fact := range csvFacts {
			if !strings.Contains(formats["csv"], fact) {
				t.Errorf("%s: the CSV does not say %q", s.Name, fact)
			}
		}
		for format, text := range formats {
			for _, fact := range facts {
				if fact != "" && !strings.Contains(text, fact) {
					t.Errorf("%s: the %s does not say %q", s.Name, format, fact)
				}
			}
		}
	}
}

// TestParametersOfEveryPreset: the JSON describes every parameter that any preset has,
// once, and says which have it.
func TestParametersOfEveryPreset(t *testing.T) {
	var all []describe.Entry
	if err := json.Unmarshal([]byte(told(t, "--format", "json")), &all); err != nil {
		t.Fatal(err)
	}
	several := 0
	for k, s := range describe.EveryLoss() {
		described := map[string]describe.Parameter{}
		for _, p := range all[k].Parameters {
			if _, twice := described[p.Name]; twice || p.Symbol == "" || p.Domain == "" || p.Doc == "" {
				t.Errorf("%s: %+v is there twice, or incomplete", s.Name, p)
			}
			described[p.Name] = p
		}
		for n, p := range s.Presets {
			for _, q := range losses.Parameters(p.Value) {
				if !slices.Contains(described[q.Name].Presets, p.Name) {
					t.Errorf("%s.%s has %s, and the JSON does not say so", s.Name, p.Name, q.Name)
				}
				if n > 0 && !slices.Contains(described[q.Name].Presets, s.Presets[0].Name) {
					several++
				}
			}
		}
	}
	if several == 0 {
		t.Error("no preset has a parameter that the first has not: this holds little")
	}
}
