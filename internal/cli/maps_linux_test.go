package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gpwbench/internal/npy"
)

// A shrinker cuts a file when something is printed for the first time.
type shrinker struct {
	bytes.Buffer
	path string
}

func (s *shrinker) Write(b []byte) (int, error) {
	if s.path != "" {
		if err := os.Truncate(s.path, 1<<12); err != nil {
			return 0, err
		}
		s.path = ""
	}
	return s.Buffer.Write(b)
}

// A file of embeddings that becomes shorter while it is evaluated, as one that is saved
// again does, is one line of error, and nothing is written. The remark on K is printed
// between reading and evaluation.
func TestEvalOfAFileThatShrinks(t *testing.T) {
	const rows, cols = 600, 512 // mapped, as it is more than a megabyte
	dir := t.TempDir()
	x, y, out := filepath.Join(dir, "x.npy"), filepath.Join(dir, "y.npy"), filepath.Join(dir, "out.csv")
	data, labels := make([]float32, rows*cols), make([]int64, rows)
	for k := range data {
		data[k] = float32((k*7919)%1013) - 506
	}
	for i := range labels {
		labels[i] = int64(i / 6)
	}
	var b bytes.Buffer
	if err := npy.WriteInt64(&b, []int{rows}, labels); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(y, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, more := range [][]string{nil, {"--metrics", "recall,mrr,uniformity"}, {"-o", out}, {"--resume", filepath.Join(dir, "kept")}, {"--queries", "300"}} {
		b.Reset()
		if err := npy.WriteFloat32(&b, []int{rows, cols}, data); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(x, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		stderr := &shrinker{path: x}
		var stdout bytes.Buffer
		code := Main(append([]string{"eval", "--embeddings", x, "--labels", y, "--k", "5000"}, more...), &stdout, stderr)
		lines := strings.Split(strings.TrimSpace(stderr.String()), "\n")
		want := "gpw: npy: " + x + ": was written to while it was read: nothing is told of it; try again"
		if last := lines[len(lines)-1]; code != exitError || stderr.path != "" || len(lines) != 2 || !strings.HasPrefix(last, want) {
			t.Errorf("%v: exit code %d\n%s", more, code, stderr.String())
		}
		if _, err := os.Stat(out); err == nil || stdout.Len() > 0 {
			t.Errorf("%v: something is written: %q", more, stdout.String())
		}
	}
}
