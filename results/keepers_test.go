package results

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"
	"time"
)

func init() { helpers["keep"] = keepForever }

// keepForever keeps one run with one set of files and another, in turns.
func keepForever(dir string) {
	s, err := Open(dir)
	if err != nil {
		panic(err)
	}
	fmt.Println("ready")
	r := sample("cub", "contrastive", 0)
	for n := 0; ; n++ {
		files := map[string][]byte{"moments/" + r.ID + ".csv": fmt.Appendf(nil, "%d", n)}
		if n%2 == 0 {
			files["weights/"+r.ID+".npz"] = fmt.Appendf(nil, "%d", n)
		}
		if err := s.Keep(r, files); err != nil {
			panic(err)
		}
	}
}

// Where the files of a record change, it goes before them: whenever the process is
// killed, a record that is there stands beside its own files.
func TestKilledKeepers(t *testing.T) {
	dir := t.TempDir()
	there := 0
	for i := range 25 {
		keeper := start(t, "keep", dir)
		time.Sleep(time.Duration(5000+i*777) * time.Microsecond)
		keeper.Process.Kill()
		keeper.Wait()
		s := open(t, dir)
		for _, r := range must(s.All()) {
			there++
			for _, name := range []string{"weights/" + r.ID + ".npz", "moments/" + r.ID + ".csv"} {
				if err := s.CheckFile(r, name); err != nil && !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("kill %d: %v", i, err)
				}
			}
		}

		s.Close()
	}

	if there == 0 {
		t.Error("no record was there after any kill")
	}
}

// What a killed process left of a run beside no record goes with the next record of the
// run, unless that lists it.
func TestKeepRemovesWhatNoRecordLists(t *testing.T) {
	s := open(t, t.TempDir())
	defer s.Close()
	r, all := sample("cub", "contrastive", 0), map[string][]byte{}
	for _, name := range filesOfRun(r.ID) {
		all[name] = []byte(name)
	}
	if err := s.Keep(r, all); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(s.Path(RecordName(r.ID))); err != nil {
		t.Fatal(err)
	}

	kept := HeadFile(r.ID)
	if err := s.Keep(r, map[string][]byte{kept: []byte("new")}); err != nil {
		t.Fatal(err)
	}
	for name := range all {
		if _, err := os.Stat(s.Path(name)); (err == nil) != (name == kept) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
