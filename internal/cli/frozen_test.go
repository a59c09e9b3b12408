package cli

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/results"
)

var frozen = flag.Bool("frozen", false, "write testdata/frozen again: only where users are meant to see another thing")

// What users have on their disks stays readable and stays theirs: the ids of runs, the
// records, the tables and the data of figures are those of the program that wrote
// testdata/frozen, whatever has become of the code since. wide.yaml has a run of every
// kind: baselines, protocols, a memory, proxies, miners, formulas, learned parameters, a
// gallery, clustering.
func TestFrozen(t *testing.T) {
	before := revision
	revision = "frozen"
	t.Cleanup(func() { revision = before })
	spec, err := filepath.Abs("testdata/frozen/wide.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	wide, few := filepath.Join(dir, "wide"), filepath.Join(dir, "few")
	done(t, "run", spec, "weights.at=[]", "-o", wide)
	done(t, "run", spec, "losses=contrastive.pml_cosine", "baselines=none", "seeds=1", "-o", few)

	ids, records := "", ""
	for _, name := range []string{wide, few} {
		files, err := filepath.Glob(filepath.Join(name, "records", "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var r results.Record
			if err := json.Unmarshal(data, &r); err != nil {
				t.Fatal(err)
			}
			kept := r.Dataset.Name == "cub" || r.Label == "frozen" || r.Label == "PCA to 20" || r.Label == "Contrastive"
			if name == few || r.Seed == 0 && kept {
				records += string(data)
			}
			ids += fmt.Sprintf("%s %s, %s, %s, %s, seed %d\n", r.ID, filepath.Base(name), r.Dataset.Name, r.Label, r.Protocol, r.Seed)
		}
	}
	lines := strings.Split(ids, "\n")
	slices.Sort(lines)
	same(t, "ids.txt", strings.TrimPrefix(strings.Join(lines, "\n"), "\n")+"\n")
	same(t, "records.json", records)
	for _, file := range results.TableFiles() {
		data, err := os.ReadFile(filepath.Join(wide, file))
		if err != nil {
			t.Fatal(err)
		}
		same(t, file, string(data))
	}
	var figure bytes.Buffer
	if code := Main([]string{"plot", "--run", few, "--view", "axes", "--step", "last", "--format", "csv"}, &figure, &figure); code != exitDone {
		t.Fatalf("gpw plot ended with %d: %s", code, figure.String())
	}
	same(t, "figure.csv", figure.String())
}

// same holds a text against its file.
func same(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "frozen", name)
	if *frozen {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-frozen +got)\n%s", name, diff)
	}
}
