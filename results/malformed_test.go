package results

import (
	"os"
	"testing"
)

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
		if _, _, err := s.TryClaim(id, ""); err == nil {
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

// Without a folder nothing is read and nothing is written, least of all into the present
// one.
func TestNoFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	if _, err := Open(""); err == nil {
		t.Error("no folder is opened")
	}
	if _, err := OpenRead(""); err == nil {
		t.Error("no folder is opened for reading")
	}
	if Check("", Output{}) == nil {
		t.Error("no folder is fine")
	}
	r := sample("cub", "contrastive", 1)
	for _, s := range []*Store{nil, {}} {
		_, _, claim := s.TryClaim(r.ID, "")
		_, aside := s.SetAside("table.md")
		_, derive := s.Derive(nil, func(*Derived) error { return nil })
		_, _, plan := s.LoadPlan()
		_, completed := s.CompletedRecords(Plan{})
		_, queries := s.ReadQueries(r)
		_, get := s.Get(r.ID)
		_, all := s.All()
		_, trial := s.GetTrial(r.ID)
		for k, err := range []error{
			claim, aside, derive, plan, completed, queries, get, all, trial, s.Begin(nil, Output{}), s.Keep(r, nil),
			s.CheckFile(r, "table.md"), s.PutArtifact("table.md", nil), s.AppendTiming(Timing{}), s.PutTrial(Trial{}),
		} {
			if err != errNoStore {
				t.Errorf("call %d: error %v", k, err)
			}
		}
	}
	var s *Store
	if s.Dir() != "" || s.Path("x") != "" || s.Holder(r.ID) != "" || s.Damaged(Plan{Runs: []string{r.ID}}) != nil || s.Close() != nil {
		t.Error("no folder has something")
	}
	if made, err := os.ReadDir("."); err != nil || len(made) > 0 {
		t.Errorf("%d files were made, %v", len(made), err)
	}
}
