package table

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/results"
)

// open makes an empty results folder.
func open(t testing.TB) *results.Store {
	t.Helper()
	s, err := results.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// A table leaves a damaged record out and names it; the other rows are there.
func TestTableNamesDamaged(t *testing.T) {
	s := open(t)
	good, bad := runOf("cub", "MS", 0), runOf("cub", "NCA", 0)
	for _, r := range []results.Record{good, bad} {
		if err := s.Keep(r, nil); err != nil {
			t.Fatal(err)
		}
	}

	path := s.Path(results.RecordName(bad.ID))
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(data), `"recall@1": 0.5`, `"recall@1": 0.9`, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	table, err := Of(s, results.Plan{Schema: results.Schema, Runs: []string{good.ID, bad.ID}})
	if err != nil || len(table.Blocks) != 1 || len(table.Blocks[0].Rows) != 1 {
		t.Fatalf("blocks %+v, error %v, want the good row alone", table, err)
	}
	if notes := strings.Join(table.Notes, "\n"); !strings.Contains(notes, "Unfinished: 1 of 2 runs are done.\n"+results.RecordName(bad.ID)+" is damaged (it was changed since") {
		t.Errorf("the notes do not name the damaged record:\n%s", notes)
	}
}

// The table of a plan with runs to come says so, before anything else.
func TestUnfinishedTable(t *testing.T) {
	store := open(t)
	r := runOf("cub", "MS", 0)
	if err := store.Keep(r, nil); err != nil {
		t.Fatal(err)
	}

	for runs, want := range map[string]bool{"": false, results.ID([]byte("to come")): true} {
		p := results.Plan{Schema: results.Schema, Runs: []string{r.ID}}
		if runs != "" {
			p.Runs = append(p.Runs, runs)
		}
		table, err := Of(store, p)
		if err != nil {
			t.Fatal(err)
		}
		if got := table.Notes[0] == "Unfinished: 1 of 2 runs are done."; got != want {
			t.Errorf("first note %q, unfinished %v", table.Notes[0], want)
		}
	}
}

// Whatever lies in a results folder as a record and as a plan, making its table ends
// without a panic, a number outside its range is in no table, and a record that is left
// out is named.
func FuzzTable(f *testing.F) {
	const rounding = 1e-9
	r, other := runOf("cub", "contrastive", 0), runOf("cub", "triplet", 0)
	s := open(f)
	if err := s.Keep(r, nil); err != nil {
		f.Fatal(err)
	}
	data, err := os.ReadFile(s.Path(results.RecordName(r.ID)))
	if err != nil {
		f.Fatal(err)
	}
	text := string(data)
	old := text[:strings.LastIndex(text, ",\n  \"checksum\"")] + "\n}\n"
	plan := func(ids ...string) []byte {
		return []byte(`{"schema": 1, "experiment": "e", "order": ["cub", "triplet"], "reference": "ms_cvpr2019", "runs": ["` + strings.Join(ids, `", "`) + `"]}`)
	}
	f.Add(data, plan(r.ID, other.ID))
	f.Add([]byte(old), plan(r.ID, other.ID))
	f.Add([]byte(strings.Replace(old, `"recall@1": 0.5`, `"recall@1": 5`, 1)), plan(r.ID))
	f.Add([]byte(strings.Replace(old, `"metrics": {`, `"metrics": {"recall@9999": 1e-300, "nmi": 1, `, 1)), plan(r.ID))
	f.Add([]byte(old), plan(r.ID, r.ID, "../x"))
	f.Add([]byte(`{"schema": 9}`), []byte(`{"schema": 1, "runs": null}`))

	if err := s.Keep(other, nil); err != nil {
		f.Fatal(err)
	}
	path := s.Path(results.RecordName(r.ID))
	f.Fuzz(func(t *testing.T, record, plan []byte) {
		if err := os.WriteFile(path, record, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.Dir(), "plan.json"), plan, 0o600); err != nil {
			t.Fatal(err)
		}
		p, records, err := s.LoadPlan()
		if err != nil {
			return
		}

		table, err := Of(s, p)
		if err != nil {
			return
		}

		for _, b := range table.Blocks {
			for _, row := range b.Rows {
				for name, m := range row.Metrics {
					if !(m.Mean >= -1-rounding && m.Mean <= 1+rounding) || name != "ami" && m.Mean < -rounding {
						t.Errorf("%s: %s is %v", row.Label, name, m.Mean)
					}
				}
			}
		}

		for _, format := range results.Formats {
			var out bytes.Buffer
			if err := table.Write(&out, format); err != nil {
				t.Errorf("%s: %v", format, err)
			}
			if format == "text" && len(records) < len(p.Runs) && !strings.Contains(out.String(), "Unfinished: ") {
				t.Errorf("%d of %d runs are in the table, which does not say so:\n%s", len(records), len(p.Runs), out.String())
			}
		}
	})
}
