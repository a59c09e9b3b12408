//go:build linux

package cli

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"gpwbench/internal/npy"
)

// A context that calls do when it is asked for the at-th time whether it has ended, which
// work asks often. It never ends.
type askedContext struct {
	context.Context
	at    int64
	do    func()
	asked atomic.Int64
}

func (c *askedContext) Err() error {
	if c.asked.Add(1) == c.at {
		c.do()
	}
	return nil
}

// mappedFile is an embedding of more than a megabyte, which is mapped, and its labels.
func mappedFile(t *testing.T, rows, cols int) (features, labels string, content []byte) {
	t.Helper()
	dir := t.TempDir()
	data, classes := make([]float32, rows*cols), make([]int64, rows)
	for k := range data {
		data[k] = float32((k*7919)%1013) - 506
	}
	for i := range classes {
		classes[i] = int64(i / 60)
	}
	var x, y bytes.Buffer
	if err := npy.WriteFloat32(&x, []int{rows, cols}, data); err != nil {
		t.Fatal(err)
	}
	if err := npy.WriteInt64(&y, []int{rows}, classes); err != nil {
		t.Fatal(err)
	}
	features, labels = filepath.Join(dir, "x.npy"), filepath.Join(dir, "y.npy")
	for name, content := range map[string][]byte{features: x.Bytes(), labels: y.Bytes()} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return features, labels, x.Bytes()
}

// within runs a command, and calls do within its work: when its context is asked for the
// at-th time.
func within(at int64, do func(), args ...string) (stdout string, asked int64, err error) {
	var out, errs bytes.Buffer
	ctx := &askedContext{Context: context.Background(), at: at, do: do}
	root := newRoot(&out, &errs)
	root.SetArgs(args)
	err = root.ExecuteContext(ctx)
	return out.String(), ctx.asked.Load(), err
}

// A mapped file that is cut, or written over, in the middle of a pass is one error that
// names it, wherever the pass is, and nothing is printed. A file that takes its place by
// a rename changes nothing: the figures are those of the file that was read.
func TestMappedFileChangesWithinAPass(t *testing.T) {
	x, y, content := mappedFile(t, 2100, 130)
	kept := filepath.Join(t.TempDir(), "kept")
	eval := []string{"eval", "--embeddings", x, "--labels", y}
	for name, args := range map[string][]string{
		"eval": eval, "blocks": append(eval, "--resume", kept), "sample": append(eval, "--queries", "1500"), "clusters": append(eval, "--clustering"),
		"neighbours": append(eval, "--neighbours", "3"), "metrics": append(eval, "--metrics", "mrr,uniformity,effective_rank"),
		"expansion": append(eval, "--metrics", "mrr", "--query-expansion", "3"), "inspect": {"data", "inspect", x, "--labels", y},
	} {
		restore := func() {
			if err := os.WriteFile(x, content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		_ = os.Remove(kept)
		want, asked, err := within(-1, nil, args...)
		if err != nil || asked < 1 || want == "" {
			t.Fatalf("%s: asked %d times, prints %q, %v", name, asked, want, err)
		}
		instants := []int64{asked / 2}
		if name == "eval" || name == "blocks" || name == "inspect" { // the others take longer, and read rows by the same passes
			instants = append(instants, asked*9/10)
		}
		for _, at := range instants {
			for how, change := range map[string]func(){
				"cut":     func() { _ = os.Truncate(x, int64(len(content)/2)) },
				"rewrite": func() { _ = os.WriteFile(x, append([]byte{}, content...)[:len(content)-4096], 0o644) },
			} {
				_ = os.Remove(kept)
				restore()
				out, _, err := within(max(1, at), change, args...)
				if err == nil || !strings.HasPrefix(err.Error(), "npy: "+x+": was written to while it was read") || out != "" {
					t.Errorf("%s, %s at %d of %d: prints %q, %v", name, how, at, asked, out, err)
				}
			}
		}

		_ = os.Remove(kept)
		restore()
		replace := func() {
			_ = os.WriteFile(x+"2", content[:1000], 0o644)
			_ = os.Rename(x+"2", x)
		}
		if out, _, err := within(asked/2+1, replace, args...); err != nil || out != want {
			t.Errorf("%s, replaced: prints %q, %v", name, out, err)
		}
		_ = os.Remove(x)
		restore()
	}
}

// What an evaluation kept before its file was cut stays: once the file is there again,
// the same command goes on from there, to the same figures.
func TestEvalGoesOnAfterAFileWasCut(t *testing.T) {
	x, y, content := mappedFile(t, 2100, 130)
	kept := filepath.Join(t.TempDir(), "kept")
	args := []string{"eval", "--embeddings", x, "--labels", y, "--resume", kept}
	want, asked, err := within(-1, nil, args...)
	if err != nil {
		t.Fatal(err)
	}
	_ = os.Remove(kept)
	if _, _, err := within(asked*3/4, func() { _ = os.Truncate(x, 1<<19) }, args...); err == nil {
		t.Fatal("a file that was cut is no error")
	}
	before, err := os.ReadFile(kept)
	if err != nil || len(before) < 1000*73 {
		t.Fatalf("%d bytes are kept, %v", len(before), err)
	}
	if err := os.WriteFile(x, content, 0o644); err != nil {
		t.Fatal(err)
	}
	if out, again, err := within(-1, nil, args...); err != nil || out != want || again >= asked {
		t.Errorf("asked %d times, at first %d; %v\n%s\n%s", again, asked, err, out, want)
	}
	if after, _ := os.ReadFile(kept); !bytes.HasPrefix(after, before) {
		t.Error("what was kept was made again")
	}
}

// A training has a copy of its features: a file that is cut after they were read changes
// nothing, and one that is cut before is one error, of which no record is left.
func TestRunOfAFileThatIsCut(t *testing.T) {
	x, y, content := mappedFile(t, 2100, 130)
	dir := t.TempDir()
	run := func(name string) []string {
		return []string{"run", "quickstart", "datasets=[{name: d, features: " + x + ", labels: " + y + ", split: half}]", "losses=[contrastive]", "baselines=none",
			"steps=30", "seeds=1", "protocol=fixed", "weights={at: []}", "--figures", "none", "-o", filepath.Join(dir, name)}
	}
	want, asked, err := within(-1, nil, run("whole")...)
	if err != nil || asked < 10 {
		t.Fatalf("asked %d times, %v", asked, err)
	}
	cut := func() { _ = os.Truncate(x, int64(len(content)/2)) }
	if out, _, err := within(asked-5, cut, run("later")...); err != nil || out != want {
		t.Errorf("cut at the end of a training: %v\n%s\n%s", err, out, want)
	}
	out, _, err := within(-1, nil, run("cut")...)
	if err == nil || !strings.Contains(err.Error(), x) || out != "" {
		t.Errorf("a file that is cut: prints %q, %v", out, err)
	}
	if records, _ := filepath.Glob(filepath.Join(dir, "cut", "records", "*")); len(records) > 0 {
		t.Errorf("records of a file that is cut: %v", records)
	}
}
