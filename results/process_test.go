package results

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The tests here are about several processes: helpers are this test binary again, told by
// the environment what to do.

var helpers = map[string]func(dir string){"write": writeForever, "claim": claimForever, "derive": deriveForever}

func TestMain(m *testing.M) {
	if help := helpers[os.Getenv("RESULTS_TEST_HELPER")]; help != nil {
		help(os.Getenv("RESULTS_TEST_DIR"))
	}
	os.Exit(m.Run())
}

func helper(what, dir string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "RESULTS_TEST_HELPER="+what, "RESULTS_TEST_DIR="+dir)
	c.Stderr = os.Stderr
	return c
}

// start runs a helper until it has printed its first line.
func start(t *testing.T, what, dir string) *exec.Cmd {
	t.Helper()
	c := helper(what, dir)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("helper %s: %v", what, err)
	}

	return c
}

func writeForever(dir string) {
	s, err := Open(dir)
	if err != nil {
		panic(err)
	}
	fmt.Println("ready")
	blob := make([]byte, 1<<16)
	for seed := uint64(0); ; seed++ {
		r := sample("cub", "contrastive", seed%50)
		// So that each Put has something to write.
		r.SourceRevision = fmt.Sprint(os.Getpid(), seed)
		if err := s.PutArtifact("weights/"+r.ID+".npz", blob); err != nil {
			panic(err)
		}
		if err := s.putRecord(r); err != nil {
			panic(err)
		}
		blob[0]++
	}
}

func claimForever(dir string) {
	s, err := Open(dir)
	if err != nil {
		panic(err)
	}
	if _, ok, err := s.TryClaim(ID(nil), ""); !ok || err != nil {
		panic(fmt.Sprint("no claim: ", ok, err))
	}
	fmt.Println("claimed")
	time.Sleep(time.Hour) // until killed
}

// Whatever instant a writer is killed at, the records are whole, and opening the folder
// again tidies it.
func TestKilledWriters(t *testing.T) {
	dir := t.TempDir()
	for i := range 8 {
		var writers [2]*exec.Cmd
		for j := range writers {
			writers[j] = start(t, "write", dir)
		}
		time.Sleep(time.Duration(7+3*i) * time.Millisecond)

		for _, w := range writers {
			w.Process.Kill()
			w.Wait()
		}

		s := open(t, dir)
		if _, err := s.All(); err != nil {
			t.Fatalf("after a kill: %v", err)
		}
		if left := temporaries(t, dir); len(left) > 0 {
			t.Errorf("Open left %v", left)
		}
		s.Close()
	}

	if s := open(t, dir); len(must(s.All())) == 0 {
		t.Error("the writers wrote nothing before they were killed")
	}
}

// deriveForever begins one plan after another in a folder, each with tables and figures
// of its own.
func deriveForever(dir string) {
	s, err := Open(dir)
	if err != nil {
		panic(err)
	}
	fmt.Println("ready")
	for k := os.Getpid(); ; k++ {
		if err := deriveOnce(s, fmt.Sprint("plan", k%3)); err != nil {
			panic(err)
		}
	}
}

func deriveOnce(s *Store, name string) error {
	ctx := context.Background()
	if err := s.Begin(ctx, Output{Plan: Plan{Experiment: name}, Spec: []byte("name: " + name + "\n")}); err != nil {
		return err
	}

	_, err := s.Derive(ctx, func(d *Derived) error {
		for _, file := range []string{"table.md", "table.json", "figures/overview.svg", "figures/" + name + ".svg", "figures/" + name + ".png"} {
			if err := d.Write(file, bytes.Repeat([]byte(name), 1<<10)); err != nil {
				return err
			}
		}
		return nil
	})

	return err
}

// Whatever instant those are killed at who write the files that the list names, no file
// of gpw's is without a line in it, and the next one leaves the folder as a fresh one is.
func TestKilledDerivers(t *testing.T) {
	dir, fresh := t.TempDir(), t.TempDir()
	s := open(t, fresh)
	if err := deriveOnce(s, "plan1"); err != nil {
		t.Fatal(err)
	}
	s.Close()

	for i := range 8 {
		var writers [2]*exec.Cmd
		for j := range writers {
			writers[j] = start(t, "derive", dir)
		}
		time.Sleep(time.Duration(11+5*i) * time.Millisecond)

		for _, w := range writers {
			w.Process.Kill()
			w.Wait()
		}

		s := open(t, dir)
		if err := deriveOnce(s, "plan1"); err != nil {
			t.Fatalf("after a kill: %v", err)
		}
		s.Close()
		if diff := cmp.Diff(bytesOf(t, fresh), bytesOf(t, dir)); diff != "" {
			t.Fatalf("after a kill (-fresh +killed)\n%s", diff)
		}
	}
}

// bytesOf is all files below a folder.
func bytesOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, path))
		all[path] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}

	return all
}

func must(r []Record, err error) []Record {
	if err != nil {
		panic(err)
	}
	return r
}

func temporaries(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	for _, pattern := range []string{".*", "*/.*"} {
		f, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, f...)
	}
	return found
}

func TestLeftovers(t *testing.T) {
	s := open(t, t.TempDir())
	r := sample("cub", "contrastive", 0)
	put(t, s, r)
	half := s.Path("records/." + r.ID + ".json8234091284309")
	user := s.Path(".gitignore")
	for _, path := range []string{half, user} {
		if err := os.WriteFile(path, []byte(`{"half`), 0o600); err != nil {
			t.Fatal(err)
		}
	}

	if all, err := s.All(); err != nil || len(all) != 1 {
		t.Errorf("beside a half-written record: %d records, %v, want 1", len(all), err)
	}

	second := open(t, s.Dir())
	if _, err := os.Stat(half); err != nil {
		t.Errorf("Open removed a temporary file while another Store was open: %v", err)
	}
	s.Close()
	second.Close()
	open(t, s.Dir())
	if left := temporaries(t, s.Dir()); len(left) != 1 || left[0] != user {
		t.Errorf("Open left %v, want only %s", left, user)
	}
}

// A folder that is named by a link is tidied as any other.
func TestLeftoversBehindLink(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(t.TempDir(), dir); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	for _, name := range []string{".table.md1234567890123456789", "records/." + ID(nil) + ".json1", "records/.probe.tmp1", "locks/" + ID(nil) + ".lock"} {
		if err := os.WriteFile(s.Path(name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}

	s.Close()
	open(t, dir)
	if left := temporaries(t, dir); len(left) > 0 {
		t.Errorf("Open left %v", left)
	}
	if s.Holder(ID(nil)) != "another process" {
		t.Error("Open left a claim")
	}
}

// A file system without locks is named as what it is.
func TestNoLocks(t *testing.T) {
	for _, err := range []error{syscall.ENOSYS, syscall.ENOTSUP, syscall.ENOLCK} {
		wantError(t, (&Store{}).failed("locking x", &fs.PathError{Op: "flock", Path: "x", Err: err}), "results: locking x: "+err.Error(), "choose a folder on another")
	}
}

func TestTryClaim(t *testing.T) {
	s := open(t, t.TempDir())
	other := open(t, s.Dir())
	id := ID(nil)
	release, ok, err := s.TryClaim(id, "")
	if !ok || err != nil {
		t.Fatalf("first claim: %v, %v", ok, err)
	}
	if _, ok, err := other.TryClaim(id, ""); ok || err != nil {
		t.Errorf("second claim of one run: %v, %v, want false", ok, err)
	}
	if releaseElse, ok, err := other.TryClaim(ID([]byte("else")), ""); !ok || err != nil {
		t.Errorf("claim of another run: %v, %v", ok, err)
	} else {
		releaseElse()
	}

	release()
	again, ok, err := other.TryClaim(id, "")
	if !ok || err != nil {
		t.Fatalf("claim after release: %v, %v", ok, err)
	}
	release() // a second time: must not touch the claim of another
	if _, ok, _ := s.TryClaim(id, ""); ok {
		t.Error("releasing twice released the claim of another")
	}
	again()
	if left, _ := filepath.Glob(s.Path("locks/*")); len(left) != 1 || filepath.Base(left[0]) != "open.lock" {
		t.Errorf("locks left: %v", left)
	}
}

// Claiming and releasing in a crowd must never let two in, though released lock files are
// removed under their feet.
func TestTryClaimCrowd(t *testing.T) {
	dir := t.TempDir()
	var inside, claims atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		s := open(t, dir)
		wg.Go(func() {
			for range 500 {
				release, ok, err := s.TryClaim(ID(nil), "")
				if err != nil {
					t.Error(err)
					return
				}

				if !ok {
					continue
				}

				if n := inside.Add(1); n != 1 {
					t.Errorf("%d hold one claim", n)
				}
				claims.Add(1)
				time.Sleep(10 * time.Microsecond) // for another to come in, if it can
				inside.Add(-1)
				release()
			}
		})
	}

	wg.Wait()
	if claims.Load() == 0 {
		t.Error("nobody ever got the claim")
	}
}

func TestClaimEndsWithProcess(t *testing.T) {
	s := open(t, t.TempDir())
	holder := start(t, "claim", s.Dir())
	if _, ok, err := s.TryClaim(ID(nil), ""); ok || err != nil {
		t.Errorf("claim that another process holds: %v, %v, want false", ok, err)
	}
	holder.Process.Kill()
	holder.Wait()
	if _, ok, err := s.TryClaim(ID(nil), ""); !ok || err != nil {
		t.Errorf("claim whose process was killed: %v, %v, want true", ok, err)
	}
}
