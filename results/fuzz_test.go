package results

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever lies in a results folder as a record and as a plan, making its table ends
// without a panic, a number outside its range is in no table, and a record that is left
// out is named.
func FuzzTable(f *testing.F) {
	r, other := sample("cub", "contrastive", 0), sample("cub", "triplet", 0)
	data, err := r.encode()
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

	s, err := Open(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	defer s.Close()
	if err := s.Put(other); err != nil {
		f.Fatal(err)
	}
	path := s.Path(RecordName(r.ID))
	f.Fuzz(func(t *testing.T, record, plan []byte) {
		if err := os.WriteFile(path, record, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.Dir(), planName), plan, 0o600); err != nil {
			t.Fatal(err)
		}
		p, records, err := s.Planned()
		if err != nil {
			return
		}
		table, err := s.Table(p)
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
		for _, format := range Formats {
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
