package results

import (
	"errors"
	"slices"
	"testing"
)

// A file that another process lists and writes after the list was read is not taken for
// one of others; one that no list has is.
func TestCheckWhileAnotherWrites(t *testing.T) {
	lists := []*written{nil, {Schema: Schema, Files: map[string]string{planName: ""}}}
	reads := 0
	read := func() (*written, error) {
		reads++
		return lists[min(reads, len(lists))-1], nil
	}
	look := func(names ...string) func(*written) (*written, []string, error) {
		return func(w *written) (*written, []string, error) {
			var found []string
			for _, name := range names {
				if w == nil {
					found = append(found, name)
				} else if _, listed := w.Files[name]; !listed {
					found = append(found, name)
				}
			}
			return w, found, nil
		}
	}

	if w, found, err := settled(read, look(planName)); err != nil || len(found) != 0 || w == nil {
		t.Errorf("the plan that was listed meanwhile: %v, %v, %v", w, found, err)
	}
	reads = 0
	if _, found, err := settled(read, look(planName, specName)); err != nil || !slices.Equal(found, []string{specName}) {
		t.Errorf("a spec of others: found %v, %v", found, err)
	}
	wrong := errors.New("wrong")
	if _, _, err := settled(func() (*written, error) { return nil, wrong }, look()); err != wrong {
		t.Errorf("a list that cannot be read: %v", err)
	}
}
