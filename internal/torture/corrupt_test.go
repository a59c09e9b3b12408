package torture

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Files of a finished run are damaged: bits, bytes, lengths, files in each other's place.
// Verbs that read say so or go on, no verb crashes, and a run leaves what an undisturbed
// one leaves; what it replaced of records, weights, moments and maps lies in damaged/ as
// it was.
func TestCorruptions(t *testing.T) {
	rounds(t, func(r *round) {
		if err := os.CopyFS(r.dir, os.DirFS(house.whole)); err != nil {
			t.Fatal(err)
		}
		var names []string
		for name := range house.files {
			names = append(names, name)
		}
		slices.Sort(names)
		names = append(names, "timings.jsonl", "locks/open.lock")
		damage := map[string][]byte{}

		for range 1 + r.IntN(3) {
			name := names[r.IntN(len(names))]
			if data := r.damage(name, names); data != nil {
				damage[name] = data
			}
		}

		out, code := verb("table", r.dir)
		r.calm("table", out, code, 0, 1)
		out, code = verb("plot", "--run", r.dir, "--view", "training", "-o", filepath.Join(filepath.Dir(r.dir), "figures"))
		r.calm("plot", out, code, 0, 1)
		out, code = verb("plot", "--run", r.dir, "-o", filepath.Join(filepath.Dir(r.dir), "figures"))
		r.calm("plot", out, code, 0, 1)

		out = r.replace(names, damage)
		out += r.settle(false)
		for name, data := range damage {
			r.isAside(name, data, out)
		}
	})
}

// replace makes all runs again, because a map is read only by a run that needs it. What
// the program does not take for its own any more, or for that of a newer one, it refuses
// by name: it is moved away, as the message says, until there is nothing of the kind.
func (r *round) replace(names []string, damage map[string][]byte) (out string) {
	code := 0
	for range names {
		out, code = run(r.dir, "--fresh")
		moved := false
		for _, name := range names {
			path := filepath.Join(r.dir, name)
			if code != 1 || !strings.Contains(out, path+" ") && !strings.Contains(out, path+":") {
				continue
			}
			r.did("refused, moved away: %s", name)
			moved = true
			delete(damage, name)
			if err := os.Rename(path, filepath.Join(filepath.Dir(r.dir), filepath.Base(name))); err != nil {
				r.t.Fatal(err)
			}
		}

		if !moved {
			break
		}
	}

	r.calm("a run", out, code, 0)
	return out
}

// damage spoils a file in one of many ways and returns what it holds now, or nil if it is
// gone.
func (r *round) damage(name string, names []string) []byte {
	path := filepath.Join(r.dir, name)
	data, err := os.ReadFile(path)
	if err != nil { // damaged before, by removing it
		return nil
	}

	at := 0
	if len(data) > 0 {
		at = r.IntN(len(data))
	}
	how := ""
	switch kind := r.IntN(7); {
	case kind == 0:
		how, data = "removed", nil
		os.Remove(path)
	case kind == 1:
		how, data = fmt.Sprintf("cut to %d bytes", at), data[:at]
	case kind == 2:
		other := filepath.Join(r.dir, names[r.IntN(len(names))])
		how = "replaced by " + other
		data, _ = os.ReadFile(other)

	case kind == 3 || len(data) == 0:
		how = "bytes appended"
		for range 1 + r.IntN(100) {
			data = append(data, byte(r.Uint32()))
		}

	case kind == 4:
		how = fmt.Sprintf("random bytes from %d", at)
		for k := at; k < min(at+1+r.IntN(64), len(data)); k++ {
			data[k] = byte(r.Uint32())
		}

	default:
		bit := r.IntN(8)
		how = fmt.Sprintf("bit %d of byte %d flipped", bit, at)
		data[at] ^= 1 << bit
	}

	r.did("%s: %s", name, how)
	if how == "removed" {
		return nil
	}

	if err := os.WriteFile(path, data, 0o644); err != nil {
		r.t.Fatal(err)
	}
	return slices.Clone(data)
}

// isAside holds that a run which replaced a file kept what was in its place.
func (r *round) isAside(name string, data []byte, out string) {
	first, _, _ := strings.Cut(name, "/")
	original, err := os.ReadFile(filepath.Join(house.whole, name))
	if err != nil || bytes.Equal(original, data) || !slices.Contains([]string{"records", "weights", "moments", "prepared"}, first) {
		return
	}
	if now, err := os.ReadFile(filepath.Join(r.dir, name)); err == nil && bytes.Equal(now, data) {
		return // white space of a record
	}

	aside, err := filepath.Glob(filepath.Join(r.dir, "damaged", filepath.Base(name)+".*"))
	if err != nil {
		r.t.Fatal(err)
	}

	for _, path := range aside {
		if got, err := os.ReadFile(path); err == nil && bytes.Equal(got, data) {
			if !strings.Contains(out, name+" was damaged") {
				r.fault("%s was set aside, and the user does not hear of it:\n%s", name, out)
			}
			return
		}
	}

	r.fault("%s was replaced, and what it held is not in damaged/: %v\n%s", name, aside, out)
}
