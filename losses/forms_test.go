package losses

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The forms are part of the ids of records that exist, so they stay as they are, whatever
// happens to the Go types. New presets add lines to the file.
func TestFormsFrozen(t *testing.T) {
	var got string
	for _, s := range append(slices.Clip(Catalogue), ProxyLosses...) {
		for _, p := range s.Presets {
			got += fmt.Sprintf("%s.%s %s\n", s.Name, p.Name, p.Form)
		}
	}
	for _, m := range Miners {
		got += fmt.Sprintf("miner %s %s\n", m.Name, m.Form)
	}
	want, err := os.ReadFile("testdata/forms.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
