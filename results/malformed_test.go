package results

import "testing"

// Names and ids that are none are errors, as are a Derive without anything to write and a
// Derived that none made. A nil context never ends.
func TestMalformed(t *testing.T) {
	s := open(t, t.TempDir())
	if err := s.Begin(nil, Output{Spec: []byte("name: x\n")}); err != nil {
		t.Fatal(err)
	}
	if ok, err := s.Derive(nil, func(*Derived) error { return nil }); !ok || err != nil {
		t.Errorf("derived %v, %v", ok, err)
	}
	if _, err := s.Derive(nil, nil); err == nil {
		t.Error("nothing is derived")
	}

	for _, id := range []string{"", "x", "../escaped"} {
		if _, _, err := s.TryClaim(id); err == nil {
			t.Errorf("%q is claimed", id)
		}
		if err := s.PutArtifact(id, nil); err == nil {
			t.Errorf("%q is kept", id)
		}
	}
	for _, d := range []*Derived{nil, {}} {
		if d.Announce("table.md") == nil || d.Write("table.md", nil) == nil {
			t.Error("a table is written nowhere")
		}
	}
}
