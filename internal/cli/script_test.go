package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/spf13/cobra"

	"gpwbench/internal/npy"
	"gpwbench/plots/figures"
)

// printDots is the resolution of the program. Most of the time of a run of few steps is
// the compression of PNG files, so the tests draw with fewer dots.
var printDots = figures.Dots

func TestMain(m *testing.M) {
	figures.Dots = 40
	testscript.Main(m, map[string]func(){"gpw": func() { os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr)) }})
}

// PNG files have the resolution of print.
func TestPNGDots(t *testing.T) {
	figures.Dots = printDots
	t.Cleanup(func() { figures.Dots = 40 })
	file := filepath.Join(t.TempDir(), "fig.png")
	done(t, "plot", "--loss", "contrastive", "--width", "column", "-o", file)
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	size, err := png.DecodeConfig(f)
	if err != nil {
		t.Fatal(err)
	}
	if want := 975; size.Width != want { // 3.25 inches at 300 dots
		t.Errorf("%d pixels wide, want %d", size.Width, want)
	}
}

// TestScripts runs gpw as people do: testdata/script holds one file a subject.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits,
			"npy":   writeNPY,
			"batch": writeBatch,
			"await": await,
			"cut":   cut,
			"spoil": spoil,
		},
	})
}

// exits N command …: runs the command and requires the exit code N. Its output is
// compared with the commands stdout and stderr, as after exec.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	code := 0
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// npy FILE TYPE ROWS COLUMNS VALUE …: writes an array. Labels have 0 columns. Values
// repeat until the array is full.
func writeNPY(ts *testscript.TestScript, neg bool, args []string) {
	rows, err := strconv.Atoi(args[2])
	ts.Check(err)
	cols, err := strconv.Atoi(args[3])
	ts.Check(err)
	shape, n := []int{rows, cols}, rows*cols
	if cols == 0 {
		shape, n = []int{rows}, rows
	}
	var b bytes.Buffer
	switch args[1] {
	case "float32", "float64":
		values := make([]float64, n)
		for k := range values {
			values[k], err = strconv.ParseFloat(args[4+k%(len(args)-4)], 64)
			ts.Check(err)
		}
		if args[1] == "float64" {
			ts.Check(npy.WriteFloat64(&b, shape, values))
			break
		}
		narrow := make([]float32, n)
		for k, v := range values {
			narrow[k] = float32(v)
		}
		ts.Check(npy.WriteFloat32(&b, shape, narrow))
	case "int64":
		values := make([]int64, n)
		for k := range values {
			v, err := strconv.ParseInt(args[4+k%(len(args)-4)], 10, 64)
			ts.Check(err)
			values[k] = v
		}
		ts.Check(npy.WriteInt64(&b, shape, values))
	case "object": // what numpy.save makes of a ragged list
		header := fmt.Sprintf("{'descr': '|O', 'fortran_order': False, 'shape': (%d, %d), }", rows, cols)
		header += strings.Repeat(" ", 117-len(header)) + "\n"
		b.WriteString("\x93NUMPY\x01\x00" + string([]byte{byte(len(header)), 0}) + header + "pickle")
	default:
		ts.Fatalf("unknown type %s", args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o644))
}

// await PATTERN: waits until a file matches.
func await(ts *testscript.TestScript, neg bool, args []string) {
	for range 3000 {
		if found, err := filepath.Glob(ts.MkAbs(args[0])); err == nil && len(found) > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("no file %s after half a minute", args[0])
}

// cut PATTERN N: takes N bytes off the end of the first file that matches.
func cut(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	path := firstOf(ts, args[0])
	info, err := os.Stat(path)
	ts.Check(err)
	ts.Check(os.Truncate(path, info.Size()-n))
}

// spoil PATTERN OLD NEW: puts NEW in the place of OLD, once, in the first file that
// matches.
func spoil(ts *testscript.TestScript, neg bool, args []string) {
	path := firstOf(ts, args[0])
	data, err := os.ReadFile(path)
	ts.Check(err)
	spoiled := bytes.Replace(data, []byte(args[1]), []byte(args[2]), 1)
	if bytes.Equal(spoiled, data) {
		ts.Fatalf("%s lacks %q", path, args[1])
	}
	ts.Check(os.WriteFile(path, spoiled, 0o644))
}

func firstOf(ts *testscript.TestScript, pattern string) string {
	found, err := filepath.Glob(ts.MkAbs(pattern))
	ts.Check(err)
	if len(found) == 0 {
		ts.Fatalf("no file %s", pattern)
	}
	return found[0]
}

// batch NAME: writes X.npy (float64, not normalised) and y.npy of a batch of the
// goldens of the losses.
func writeBatch(ts *testscript.TestScript, neg bool, args []string) {
	var goldens struct {
		Batches map[string]struct {
			Raw    [][]float64
			Labels []int64
		}
	}
	text, err := os.ReadFile(goldensPath)
	ts.Check(err)
	ts.Check(json.Unmarshal(text, &goldens))
	g := goldens.Batches[args[0]]
	var x []float64
	for _, row := range g.Raw {
		x = append(x, row...)
	}
	var bx, by bytes.Buffer
	ts.Check(npy.WriteFloat64(&bx, []int{len(g.Raw), len(g.Raw[0])}, x))
	ts.Check(npy.WriteInt64(&by, []int{len(g.Labels)}, g.Labels))
	ts.Check(os.WriteFile(ts.MkAbs("X.npy"), bx.Bytes(), 0o644))
	ts.Check(os.WriteFile(ts.MkAbs("y.npy"), by.Bytes(), 0o644))
}

// goldensPath is absolute, because scripts run in folders of their own.
var goldensPath = func() string {
	path, err := filepath.Abs(filepath.Join("..", "..", "losses", "testdata", "goldens.json"))
	if err != nil {
		panic(err)
	}
	return path
}()

// Every verb's help has an example of it, and the flags of each line exist for the verb
// that the line calls.
func TestHelpHasExamples(t *testing.T) {
	root := newRoot(&bytes.Buffer{}, &bytes.Buffer{})
	var check func(cmd *cobra.Command)
	check = func(cmd *cobra.Command) {
		if cmd.Hidden || cmd.Name() == "help" || cmd.Name() == "completion" {
			return
		}
		if cmd != root && !strings.Contains(cmd.Example, cmd.CommandPath()) {
			t.Errorf("%s --help shows no example of it", cmd.CommandPath())
		}

		for _, line := range strings.Split(cmd.Example, "\n") {
			words := strings.Fields(line)
			if len(words) < 2 || words[0] != "gpw" {
				continue
			}
			called, _, err := root.Find(words[1:])
			if err != nil {
				t.Errorf("%q: %v", line, err)
				continue
			}
			for _, word := range words {
				if name, ok := strings.CutPrefix(word, "--"); ok && called.Flags().Lookup(name) == nil {
					t.Errorf("the example %q has the flag --%s, which %s does not take", line, name, called.CommandPath())
				}
			}
		}
		for _, sub := range cmd.Commands() {
			check(sub)
		}
	}
	check(root)
}
