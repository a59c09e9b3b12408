package figures

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gpwbench/results"
)

// Figures are drawn again where their records changed or a file is gone, and no others
// are. What is drawn is the same to the byte, and a folder that nothing changed in holds
// what a fresh one would.
func TestOnlyChangedFiguresAreDrawn(t *testing.T) {
	store := folder(t, row("cub", "NCA", "nca", "fixed"), row("cub", "Triplet", "triplet", "fixed"), row("cars", "NCA", "nca", "fixed"))
	redraw := func(change func(*results.Record)) (drawn, all int) {
		t.Helper()
		records := planned(t, store)
		for k := range records {
			if change != nil {
				change(&records[k])
			}
		}
		_, err := store.Derive(t.Context(), func(to *results.Derived) (err error) {
			all, err = Figures(nil, store, to, records, func(done, total int) {
				if drawn++; drawn != done {
					t.Errorf("after %d figures %d are told of", drawn, done)
				}
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return drawn, all
	}
	files := func() map[string]string {
		all := map[string]string{}
		for _, name := range append(slices.Collect(maps.Keys(onDisk(t, store, "figures"))), "written.json") {
			data, err := os.ReadFile(store.Path(name))
			if err != nil {
				t.Fatal(err)
			}
			all[name] = string(data)
		}
		return all
	}

	if drawn, all := redraw(nil); drawn != 5 || all != 5 { // three of rows, two of data sets
		t.Fatalf("%d of %d figures are drawn at first, want 5", drawn, all)
	}
	first := files()
	if drawn, all := redraw(nil); drawn != 0 || all != 5 {
		t.Errorf("%d of %d figures are drawn though nothing changed", drawn, all)
	}
	if diff := cmp.Diff(first, files()); diff != "" {
		t.Errorf("files differ though nothing changed: %s", diff)
	}

	if err := os.Remove(store.Path("figures/weights_cub_nca.png")); err != nil {
		t.Fatal(err)
	}
	if drawn, _ := redraw(nil); drawn != 1 {
		t.Errorf("%d figures are drawn where a file of one is gone", drawn)
	}
	if diff := cmp.Diff(first, files()); diff != "" {
		t.Errorf("drawn again a file differs: %s", diff)
	}

	changed := func(r *results.Record) {
		if r.Label == "Triplet" {
			r.Params = "λ 0.2"
		}
	}
	if drawn, _ := redraw(changed); drawn != 2 { // the row's, and the overview of its data set
		t.Errorf("%d figures are drawn where a record of one row changed", drawn)
	}
	if drawn, _ := redraw(changed); drawn != 0 {
		t.Errorf("%d figures are drawn again after the change", drawn)
	}
	if drawn, _ := redraw(func(r *results.Record) { r.Files = nil }); drawn != 5 {
		t.Errorf("%d figures are drawn of records without checksums, want all", drawn)
	}
}

// onDisk are the files of a folder of the store.
func onDisk(t *testing.T, store *results.Store, folder string) map[string]bool {
	t.Helper()
	entries, err := os.ReadDir(store.Path(folder))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, e := range entries {
		all[folder+"/"+e.Name()] = true
	}
	return all
}
