package torture

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gpwbench/internal/npy"
)

// duration is how long each test goes on; make torture sets it, and without it nothing
// here runs.
var duration, _ = time.ParseDuration(os.Getenv("GPW_TORTURE"))

// A house is what the tests share: the program, a spec with its data, and the folder of a
// run to which nothing was done.
var house struct {
	gpw, spec, whole string
	files            map[string][]byte // of the folder whole
	took             time.Duration     // for making it
}

// helpers are what this test binary does when the environment names one.
var helpers = map[string]func() (exit int){}

func TestMain(m *testing.M) {
	if help := helpers[os.Getenv("GPW_TORTURE_HELPER")]; help != nil {
		os.Exit(help())
	}
	if duration == 0 {
		os.Exit(m.Run())
	}
	dir, err := os.MkdirTemp("", "torture")
	if err == nil {
		err = build(dir)
	}
	code := 1
	if err != nil {
		fmt.Println(err)
	} else {
		code = m.Run()
	}

	os.RemoveAll(dir)
	os.Exit(code)
}

// build makes the program, the spec and the undisturbed folder in dir.
func build(dir string) error {
	house.gpw, house.spec, house.whole = filepath.Join(dir, "gpw"), filepath.Join(dir, "spec.yaml"), filepath.Join(dir, "whole")
	if out, err := exec.Command("go", "build", "-o", house.gpw, "gpwbench").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}

	r := rand.New(rand.NewPCG(1, 2))
	const classes, rows, dim = 12, 6, 8
	x, y := make([]float32, classes*rows*dim), make([]int64, classes*rows)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	for i := range y {
		y[i] = int64(i / rows)
	}
	var features, labels bytes.Buffer
	err := errors.Join(npy.WriteFloat32(&features, []int{classes * rows, dim}, x), npy.WriteInt64(&labels, []int{classes * rows}, y),
		os.WriteFile(filepath.Join(dir, "x.npy"), features.Bytes(), 0o644), os.WriteFile(filepath.Join(dir, "y.npy"), labels.Bytes(), 0o644),
		os.WriteFile(house.spec, fmt.Appendf(nil, `name: torture
datasets: [{name: made, features: %s/x.npy, labels: %[1]s/y.npy}]
losses: [contrastive, {name: nca, protocol: {name: paper, every: 500}}]
baselines: [frozen, pca, whitening]
sampler: {classes: 4, per_class: 3}
steps: 2000
seeds: 2
`, dir), 0o644))
	if err != nil {
		return err
	}

	start := time.Now()
	if out, code := run(house.whole); code != 0 {
		return fmt.Errorf("the undisturbed run: exit code %d\n%s", code, out)
	}

	house.took = time.Since(start)
	house.files, err = contents(house.whole)
	return err
}

// command is gpw run of the spec into a folder.
func command(dir string, overrides ...string) *exec.Cmd {
	return exec.Command(house.gpw, append([]string{"run", house.spec, "-o", dir}, overrides...)...)
}

// run runs the spec to its end and returns what the program printed and its exit code.
func run(dir string, overrides ...string) (string, int) { return finish(command(dir, overrides...)) }

// verb runs another verb of the program.
func verb(args ...string) (string, int) { return finish(exec.Command(house.gpw, args...)) }

// patience is how long a command of this size may take before it counts as one that does
// not end.
const patience = 10 * time.Minute

func finish(c *exec.Cmd) (string, int) {
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		return err.Error(), -1
	}
	late := time.AfterFunc(patience, func() { c.Process.Kill() })
	c.Wait()
	if !late.Stop() {
		return out.String() + "\nit did not end", -1
	}
	return out.String(), c.ProcessState.ExitCode()
}

// contents are the files of a folder that do not differ between two repetitions. Layout
// is no part of a record.
func contents(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}

		name, err := filepath.Rel(dir, path)
		if err != nil || name == "timings.jsonl" || name == "lost.jsonl" || strings.HasPrefix(name, "locks/") || strings.HasPrefix(name, "damaged/") {
			return err
		}

		data, err := os.ReadFile(path)
		if compact := new(bytes.Buffer); strings.HasPrefix(name, "records/") && json.Compact(compact, data) == nil {
			data = compact.Bytes()
		}
		files[name] = data
		return err
	})

	return files, err
}

// A round is one use of a seed.
type round struct {
	*rand.Rand
	t       *testing.T
	seed    uint64
	dir     string // an empty folder's name
	history []string
}

// did notes what was done, for the report of a fault.
func (r *round) did(format string, args ...any) {
	r.history = append(r.history, fmt.Sprintf(format, args...))
}

// fault reports what is wrong, and how to see it again.
func (r *round) fault(format string, args ...any) {
	r.t.Helper()
	r.t.Errorf("%s\n%s\nrepeat: make torture SUBJECT=%s SEED=%d TORTURE=1s", fmt.Sprintf(format, args...), strings.Join(r.history, "\n"), r.t.Name(), r.seed)
}

// rounds calls a test with one seed after the other until the time is over.
func rounds(t *testing.T, do func(r *round)) {
	if duration == 0 {
		t.Skip("make torture runs it")
	}
	seed := uint64(time.Now().UnixNano() % 1e9)
	if text := os.Getenv("GPW_TORTURE_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}

	first, n := seed, 0
	for end := time.Now().Add(duration); n == 0 || time.Now().Before(end) && !t.Failed(); n++ {
		dir, err := os.MkdirTemp(filepath.Dir(house.whole), "round")
		if err != nil {
			t.Fatal(err)
		}
		do(&round{Rand: rand.New(rand.NewPCG(seed, 0)), t: t, seed: seed, dir: filepath.Join(dir, "run")})
		if !t.Failed() {
			os.RemoveAll(dir)
		}
		seed++
	}

	t.Logf("%d rounds, seeds %d to %d", n, first, seed-1)
}

// calm is a report without a crash.
func (r *round) calm(what, out string, code int, allowed ...int) {
	r.t.Helper()
	if strings.Contains(out, "goroutine ") || strings.Contains(out, "panic:") || !slices.Contains(allowed, code) {
		r.fault("%s: exit code %d\n%s", what, code, out)
	}
}

// settle runs the spec undisturbed and holds the folder against the one to which nothing
// was done. Files that more specs leave may be there if others is true.
func (r *round) settle(others bool, overrides ...string) (out string) {
	r.t.Helper()
	out, code := run(r.dir, overrides...)
	r.calm("the last run", out, code, 0)
	r.compare(r.dir, others)
	return out
}

func (r *round) compare(dir string, others bool) {
	r.t.Helper()
	got, err := contents(dir)
	if err != nil {
		r.fault("%v", err)
		return
	}

	for name, want := range house.files {
		if data, ok := got[name]; !ok || !bytes.Equal(data, want) {
			r.fault("%s differs from that of an undisturbed run: there %v, %d bytes for %d", name, ok, len(data), len(want))
		}
	}

	for name := range got {
		_, known := house.files[name]
		first, _, _ := strings.Cut(name, "/")
		if !known && !(others && slices.Contains([]string{"records", "weights", "moments", "prepared"}, first)) {
			r.fault("%s is left over", name)
		}
	}
}

// within returns a function that waits for a random part of the time that a whole run
// takes, and a little longer.
func (r *round) within() func() {
	wait := time.Duration(r.Float64() * 1.2 * float64(house.took))
	return func() { time.Sleep(wait) }
}
