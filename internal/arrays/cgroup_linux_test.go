package arrays

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// The limit is the least of a group and of those above it, in either version of control
// groups, also where the path is that of another machine.
func TestGroupLimit(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"memory.max":                              "max\n",
		"jobs/memory.max":                         "4096\n",
		"jobs/step/memory.max":                    "8192\n",
		"open/memory.max":                         "max\n",
		"memory/memory.limit_in_bytes":            "9223372036854771712\n",
		"memory/slurm/memory.limit_in_bytes":      "1000\n",
		"memory/slurm/task/memory.limit_in_bytes": "2000\n",
		"cpu/slurm/memory.limit_in_bytes":         "1\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}

	for groups, want := range map[string]int64{
		"":                                       math.MaxInt64,
		"0::/\n":                                 math.MaxInt64,
		"0::/open\n":                             math.MaxInt64,
		"0::/jobs/step\n":                        4096,
		"0::/jobs/step/a folder: with colon":     4096,
		"0::/../../elsewhere\n":                  math.MaxInt64,
		"8:pids:/\n4:memory:/slurm/task\n0::/\n": 1000,
		"4:memory:/host/only\n":                  9223372036854771712,
		"1:cpu:/slurm\n":                         math.MaxInt64,
		"nonsense\n":                             math.MaxInt64,
	} {
		if got := groupLimit(root, groups); got != want {
			t.Errorf("%q: %d, want %d", groups, got, want)
		}
	}
}
