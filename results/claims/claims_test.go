package claims

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var (
	someID  = strings.Repeat("a", 64)
	otherID = strings.Repeat("b", 64)
)

// folder opens a folder of claims by leases, and closes it at the end.
func folder(t *testing.T, dir string, o Options) *Folder {
	t.Helper()
	if o.Kind == Automatic {
		o.Kind = Lease
	}
	f, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Enter(func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Leave(func() error { return nil }) })
	return f
}

func claim(t *testing.T, f *Folder, name string) *Claim {
	t.Helper()
	c, err := f.Try(name, "a run")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// files are the claims in a folder, without those of processes.
func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if id, _, _ := strings.Cut(e.Name(), "."); isID(id) || IsPrivate(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names
}

// One process has a claim, another gets it after a release, and nothing of it is left when
// the work is done. That holds for both kinds.
func TestClaim(t *testing.T) {
	for _, kind := range []Kind{Flock, Lease} {
		dir := t.TempDir()
		a, b := folder(t, dir, Options{Kind: kind}), folder(t, dir, Options{Kind: kind})
		first := claim(t, a, someID)
		if first == nil || first.Before != nil {
			t.Fatalf("%s: no claim, or of a run that was begun: %+v", kind, first)
		}
		if claim(t, b, someID) != nil || claim(t, a, someID) != nil {
			t.Errorf("%s: two have a claim", kind)
		}
		if other := claim(t, b, otherID); other == nil {
			t.Errorf("%s: no claim of another run", kind)
		} else {
			other.Release(true)
		}
		states, err := Look(t.Context(), dir, Options{})
		if err != nil || len(states) != 1 || states[0].Lost || states[0].Kind != kind || states[0].Holder.Run != "a run" || states[0].Holder.PID != os.Getpid() {
			t.Errorf("%s: %+v, %v", kind, states, err)
		}

		first.Release(false)
		second := claim(t, b, someID)
		if second == nil || second.Before != nil {
			t.Fatalf("%s: after a release: %+v", kind, second)
		}
		first.Release(true) // a second time
		if claim(t, a, someID) != nil {
			t.Errorf("%s: a second release ended the claim of another", kind)
		}
		second.Release(true)
		if left := files(t, dir); len(left) > 0 {
			t.Errorf("%s: left %q", kind, left)
		}
	}
}

// A crowd claims and releases, and never two have one claim.
func TestCrowd(t *testing.T) {
	dir := t.TempDir()
	var inside, claims atomic.Int32
	var wg sync.WaitGroup
	for range 4 {
		f := folder(t, dir, Options{Lease: time.Hour})
		wg.Go(func() {
			for range 60 {
				c, err := f.Try(someID, "")
				if err != nil {
					t.Error(err)
					return
				}
				if c == nil {
					continue
				}
				if n := inside.Add(1); n != 1 {
					t.Errorf("%d have one claim", n)
				}
				claims.Add(1)
				inside.Add(-1)
				c.Release(false)
			}
		})
	}
	wg.Wait()
	if claims.Load() == 0 {
		t.Error("nobody ever had the claim")
	}
	if left := files(t, dir); len(left) != 1 {
		t.Errorf("left %q, want the newest number alone", left)
	}
}

// A lease that is renewed is never taken, and one that is not is taken after its time, by
// one process. The clocks of the day are an hour off in either direction, and so are the
// times of the files. Time passes at once.
func TestClocksAnHourOff(t *testing.T) {
	for _, off := range []time.Duration{0, time.Hour, -time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			dir := t.TempDir()
			a := folder(t, dir, Options{Clock: func() time.Time { return time.Now().Add(off) }})
			b, c := folder(t, dir, Options{}), folder(t, dir, Options{})
			held := claim(t, a, someID)
			shift := func() {
				path := filepath.Join(dir, leaseName(someID, 1))
				at := time.Now().Add(off)
				if err := os.Chtimes(path, at, at); err != nil {
					t.Fatal(err)
				}
			}
			for range 300 {
				time.Sleep(time.Second)
				shift()
				if claim(t, b, someID) != nil || claim(t, c, someID) != nil {
					t.Fatalf("%v off: a claim that is renewed was taken", off)
				}
			}
			states, err := Look(t.Context(), dir, Options{})
			if err != nil || len(states) != 1 || states[0].Lost {
				t.Errorf("%v off: %+v, %v: want a claim that lives", off, states, err)
			}

			a.kind.(*leases).stopRenewals()
			taken, after := 0, time.Duration(0)
			for began := time.Now(); taken == 0 && time.Since(began) < time.Hour; after = time.Since(began) {
				time.Sleep(time.Second)
				shift()
				for _, f := range []*Folder{b, c} {
					if got := claim(t, f, someID); got != nil {
						taken++
						if got.Before == nil || got.Before.Token != held.Token {
							t.Errorf("taken from %+v, want %+v", got.Before, held.Holder)
						}
					}
				}
			}
			if taken != 1 || after < DefaultLease || after > DefaultLease+5*time.Second {
				t.Errorf("%v off: %d took the claim after %v", off, taken, after)
			}
			var e *TakenError
			if err := held.Check(); !errors.As(err, &e) || e.By.PID != os.Getpid() {
				t.Errorf("the holder before: %v, want that its claim was taken", err)
			}
		})
	}
}

// stopRenewals makes a process one that was stopped, or whose network is away.
func (l *leases) stopRenewals() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.held)
	l.rest()
}

// A process that was taken for dead and goes on brings no claim back, neither by a renewal
// nor by a release, and its own is not the newest.
func TestZombie(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		a, b := folder(t, dir, Options{}), folder(t, dir, Options{})
		first := claim(t, a, someID)
		zombie := onlyHeld(t, a.kind.(*leases), someID)
		a.kind.(*leases).stopRenewals()
		var second *Claim
		for second == nil {
			time.Sleep(time.Second)
			second = claim(t, b, someID)
		}
		zombie.renew()
		first.Release(false)
		if claim(t, a, someID) != nil {
			t.Error("a release of a claim that was taken let another in")
		}
		second.Release(true)
		zombie.renew()
		if left := files(t, dir); len(left) > 0 {
			t.Errorf("a renewal brought back %q", left)
		}
	})
}

func onlyHeld(t *testing.T, l *leases, name string) *lease {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for m := range l.held {
		if m.name == name {
			return m
		}
	}
	t.Fatal("no such claim")
	return nil
}

// Time between two looks proves little: an observer that was stopped for an hour has seen
// nothing in it.
func TestWatch(t *testing.T) {
	now := time.Now()
	w := &watch{}
	at := func(after time.Duration, stamp string) bool {
		now = now.Add(after)
		return w.look(stamp, time.Minute, now)
	}
	if at(0, "x") || at(time.Hour, "x") || at(time.Hour, "x") {
		t.Error("two looks over two hours made a claim lost")
	}
	if at(time.Second, "y") || w.left(time.Minute) != time.Minute {
		t.Errorf("%v are left after a renewal", w.left(time.Minute))
	}
	looks := 0
	for !at(time.Second, "y") {
		looks++
	}
	if looks != 59 {
		t.Errorf("lost after %d looks a second apart, want 59", looks)
	}
	if at(-time.Hour, "z") || at(-time.Hour, "z") {
		t.Error("a clock that goes backwards made a claim lost")
	}
}

// What is wrong with a claim is told by its name. One that cannot be read is lost after a
// lease, and one of a later program never.
func TestUnreadableClaims(t *testing.T) {
	for content, want := range map[string]string{
		"":                           "cannot be read",
		`{"schema":1,"host":"n1","p`: "cannot be read",
		"\x00\x00\x00":               "cannot be read",
		`{"schema":2,"host":["n1"]}`: "later version",
		`{"schema":7}`:               "later version",
	} {
		synctest.Test(t, func(t *testing.T) {
			dir := t.TempDir()
			var notes []string
			f := folder(t, dir, Options{Note: func(text string) { notes = append(notes, text) }})
			path := filepath.Join(dir, leaseName(someID, 3))
			if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
			states, err := Look(t.Context(), dir, Options{})
			if err != nil || len(states) != 1 || !strings.Contains(states[0].Problem, want) {
				t.Errorf("%q: %+v, %v", content, states, err)
			}
			var got *Claim
			for range 100 {
				if got = claim(t, f, someID); got != nil {
					break
				}
				time.Sleep(time.Second)
			}
			if later := want == "later version"; (got == nil) != later {
				t.Errorf("%q: claimed %v", content, got != nil)
			}
			if len(notes) != 1 || !strings.Contains(notes[0], path) || !strings.Contains(notes[0], want) {
				t.Errorf("%q: notes %q, want one with %q", content, notes, want)
			}
			if got != nil {
				if got.Before == nil || len(files(t, dir)) != 1 {
					t.Errorf("%q: before %+v, files %q", content, got.Before, files(t, dir))
				}
				got.Release(true)
			}
		})
	}
}

// What stands in the place of a claim and is none is refused by its name, and stays.
func TestForeignClaims(t *testing.T) {
	for name, kind := range map[string]Kind{leaseName(someID, 1): Lease, someID + ".lock": Flock} {
		dir := t.TempDir()
		f := folder(t, dir, Options{Kind: kind})
		path := filepath.Join(dir, name)
		if err := os.Symlink("/dev/null", path); err != nil {
			t.Fatal(err)
		}
		var foreign *ForeignError
		if _, err := f.Try(someID, ""); !errors.As(err, &foreign) || foreign.Path != path {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Lstat(path); err != nil {
			t.Error(err)
		}
	}
}

// A folder keeps its kind, and the other kind is refused, also where the processes of the
// first have made no claim yet.
func TestKinds(t *testing.T) {
	dir := t.TempDir()
	f := folder(t, dir, Options{Kind: Flock})
	var wrong *KindError
	if _, err := Open(dir, Options{Kind: Lease}); !errors.As(err, &wrong) || wrong.Used != Flock {
		t.Errorf("leases beside locks: %v", err)
	}
	f.Leave(nil)
	if f, err := Open(dir, Options{Kind: Lease}); err != nil || f.Kind() != Lease {
		t.Fatalf("leases in a folder that nobody uses: %v", err)
	}
	if f, err := Open(dir, Options{}); err != nil || f.Kind() != Lease {
		t.Errorf("the folder did not keep its kind: %v, %v", f, err)
	}
	if _, err := Open(dir, Options{Kind: Flock}); !errors.As(err, &wrong) || wrong.Used != Lease || !strings.Contains(err.Error(), dir) {
		t.Errorf("locks beside leases: %v", err)
	}

	for content, want := range map[string]string{
		"": "not whole", `{"schema": 1, "cla`: "not whole", `{"schema": 2, "claims": "lease"}`: "later version", `{"schema": 1, "claims": "raft"}`: "later version",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, markName), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), markName) {
			t.Errorf("mark %q: %v, want %q", content, err, want)
		}
	}
}

// Options that nothing can have are refused.
func TestOptions(t *testing.T) {
	for _, o := range []Options{{Kind: "raft"}, {Lease: time.Millisecond}, {Lease: -time.Second}} {
		if _, err := Open(t.TempDir(), o); err == nil {
			t.Errorf("%+v was taken", o)
		}
	}
}

// Without links and without locks a folder is refused, and both reasons are said. A full
// disk is said as itself.
func TestUnsupported(t *testing.T) {
	lacks := func(flock, link error) error { return unsupported("/x", flock, link) }
	err := lacks(&fs.PathError{Op: "flock", Path: "f", Err: syscall.ENOSYS}, &os.LinkError{Op: "link", Old: "a", New: "b", Err: syscall.EPERM})
	var e *UnsupportedError
	if !errors.As(err, &e) || !strings.Contains(err.Error(), "flock") || !strings.Contains(err.Error(), "hard links") || !strings.Contains(err.Error(), "choose a folder on another") {
		t.Errorf("%v", err)
	}
	if err := lacks(nil, &fs.PathError{Op: "open", Path: "f", Err: syscall.ENOSPC}); errors.As(err, &e) || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk: %v", err)
	}
	if err := lacks(errNotExclusive, syscall.ENOTSUP); !errors.As(err, &e) {
		t.Errorf("%v", err)
	}
}

// A renewal replaces the bytes of a file by as many, so that a reader sees a whole claim.
func TestHolderWidth(t *testing.T) {
	h := newHolder("cub: Triplet, \"fixed\"\n", Options{Lease: time.Minute, Revision: "r"})
	length := len(h.encode())
	for _, released := range []bool{false, true} {
		for _, renewed := range []int{0, 1, 999_999_999_999} {
			h.Released, h.Renewed = released, renewed
			text := h.encode()
			got, is := decode(text)
			if len(text) != length || is != readable || fmt.Sprint(got) != fmt.Sprint(h) {
				t.Errorf("%q is %+v, want %+v", text, got, h)
			}
		}
	}
}
