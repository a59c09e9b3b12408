package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"gpwbench/benchmarks/retrieval"
	blockfile "gpwbench/benchmarks/retrieval/kept"
	"gpwbench/benchmarks/retrieval/report"
	"gpwbench/internal/npy"
)

// blockFiles writes embeddings of three blocks of queries, and their labels.
func blockFiles(t *testing.T) (dir string, eval func(args ...string) (code int, stdout, stderr string)) {
	t.Helper()
	const rows, cols = 2500, 4
	dir = t.TempDir()
	rng := rand.New(rand.NewPCG(1, 2))
	data, labels := make([]float32, rows*cols), make([]int64, rows)
	for k := range data {
		centre := rand.New(rand.NewPCG(uint64(k/cols/6), uint64(k%cols)))
		data[k] = float32(centre.NormFloat64() + rng.NormFloat64()/4)
	}
	for i := range labels {
		labels[i] = int64(i / 6)
	}
	write := func(name string, write func(b *bytes.Buffer) error) {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("x.npy", func(b *bytes.Buffer) error { return npy.WriteFloat32(b, []int{rows, cols}, data) })
	write("y.npy", func(b *bytes.Buffer) error { return npy.WriteInt64(b, []int{rows}, labels) })
	return dir, func(args ...string) (int, string, string) {
		var stdout, stderr bytes.Buffer
		code := Main(append([]string{"eval", "--embeddings", filepath.Join(dir, "x.npy"), "--labels", filepath.Join(dir, "y.npy")}, args...), &stdout, &stderr)
		return code, stdout.String(), stderr.String()
	}
}

// Parts that are merged, and an evaluation that is kept and then read, print in every
// format what one process prints.
func TestEvalInParts(t *testing.T) {
	dir, eval := blockFiles(t)
	for _, part := range []string{"2/3", "1/3", "3/3"} {
		code, out, told := eval("--part", part, "--resume", filepath.Join(dir, "part-"+part[:1]))
		if code != 0 || out != "" || !strings.Contains(told, "part "+part+" is complete") {
			t.Fatalf("part %s: exit code %d, %q\n%s", part, code, out, told)
		}
	}
	for _, format := range []string{"text", "json", "csv", "markdown"} {
		_, want, _ := eval("--format", format)
		code, merged, told := eval("--format", format, "--merge", filepath.Join(dir, "part-*"))
		if code != 0 || merged != want {
			t.Errorf("%s: merged: exit code %d\n%s%s, want\n%s", format, code, told, merged, want)
		}
		if code, kept, told := eval("--format", format, "--resume", filepath.Join(dir, "kept")); code != 0 || kept != want {
			t.Errorf("%s: kept: exit code %d\n%s%s, want\n%s", format, code, told, kept, want)
		}
	}
	if code, out, told := eval("--merge", filepath.Join(dir, "part-1"), "--merge", filepath.Join(dir, "part-3")); code != exitError || out != "" || !strings.Contains(told, "1 of 3 blocks of queries are in none of these files") {
		t.Errorf("without a part: exit code %d, %q\n%s", code, out, told)
	}
	if err := os.WriteFile(filepath.Join(dir, "y.npy"), func() []byte {
		b, _ := os.ReadFile(filepath.Join(dir, "y.npy"))
		b[len(b)-8]++
		return b
	}(), 0o644); err != nil {
		t.Fatal(err)
	}
	if code, _, told := eval("--resume", filepath.Join(dir, "kept")); code != exitError || !strings.Contains(told, "has results of another evaluation: the queries had other labels") {
		t.Errorf("other labels: exit code %d\n%s", code, told)
	}
}

// A sample of the queries has its intervals in every format, and one of as many as there
// are is all of them.
func TestEvalOfASample(t *testing.T) {
	_, eval := blockFiles(t)
	_, out, _ := eval("--queries", "200", "--queries-seed", "3", "--format", "json")
	var j report.ScoresJSON
	if err := json.Unmarshal([]byte(out), &j); err != nil {
		t.Fatal(err)
	}
	low, high := j.Sample.MAPAtR[0], j.Sample.MAPAtR[1]
	if j.Queries != 200 || j.Sample.Of != 2500 || j.Sample.Seed != 3 || !(low < j.MAPAtR && j.MAPAtR < high) || len(j.Sample.Recall) != 4 {
		t.Errorf("%+v, %+v", j, j.Sample)
	}
	_, text, _ := eval("--queries", "200", "--queries-seed", "3")
	if want := fmt.Sprintf("MAP@R %.2f %% to %.2f %%", 100*low, 100*high); !strings.Contains(text, "a random sample of 2500 (seed 3)") || !strings.Contains(text, want) {
		t.Errorf("want %q in\n%s", want, text)
	}
	_, csv, _ := eval("--queries", "200", "--queries-seed", "3", "--format", "csv")
	if want := fmt.Sprintf("interval of MAP@R,,%v,%v\n", low, high); !strings.Contains(csv, want) || !strings.Contains(csv, "sample of,2500,,\nsample seed,3,,\n") {
		t.Errorf("want %q in\n%s", want, csv)
	}
	_, other, _ := eval("--queries", "200", "--queries-seed", "4")
	_, whole, _ := eval()
	_, all, _ := eval("--queries", "2500")
	if other == text || all != whole || strings.Contains(whole, "sample") || math.IsNaN(low) {
		t.Error("the seed changes nothing, or a sample of all queries is not all of them")
	}
}

// Flags that do not fit each other are refused with what to do.
func TestEvalBlockFlags(t *testing.T) {
	dir, eval := blockFiles(t)
	kept := filepath.Join(dir, "kept")
	for _, c := range []struct{ args, want string }{
		{"--part 4/3 --resume " + kept, "there is no part 4 of 3"},
		{"--part 0/3 --resume " + kept, "there is no part 0 of 3"},
		{"--part two --resume " + kept, "write K/N, such as 2/8"},
		{"--part 1/3", "name a file with --resume"},
		{"--part 4/4 --resume " + kept, "the queries are 3 blocks, so there are 3 parts at most"},
		{"--part 1/3 --format json --resume " + kept, "--part prints no figures"},
		{"--merge " + kept + " --resume " + kept, "leave --resume and --part out"},
		{"--merge " + kept, "kept: nothing of this name is in"},
		{"--merge " + kept + "*", "no file has a name like"},
		{"--queries 0", "ask for 1 at least"},
		{"--queries-seed 3", "give --queries too"},
		{"--queries 5 --metrics mrr", "leave other metrics, rules"},
		{"--queries 5 --neighbours 2", "leave other metrics, rules"},
		{"--queries 5 --embeddings " + filepath.Join(dir, "y.npy"), "are of one embedding, and there are 2"},
		{"--resume " + kept + " -o " + kept, "name the same file"},
		{"--resume " + filepath.Join(dir, "x.npy"), "x.npy is no file of results of an evaluation, and is left as it is"},
	} {
		if code, out, told := eval(strings.Fields(c.args)...); code == 0 || out != "" || !strings.Contains(told, c.want) {
			t.Errorf("%s: exit code %d, want %q in\n%s", c.args, code, c.want, told)
		}
	}
	if _, err := os.Stat(kept); err == nil {
		t.Error("a command that was refused left a file")
	}
}

// An evaluation that is interrupted says what is kept, and one that keeps nothing that
// nothing is written.
func TestEvalBlocksInterrupted(t *testing.T) {
	f := evalFlags{}
	f.resume = filepath.Join(t.TempDir(), "kept")
	file, err := blockfile.Open(f.resume, blockfile.Identity{Blocks: 2, BlockSize: 2}, blockfile.Share{})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := file.Keep(0, make([]retrieval.Result, 2)); err != nil {
		t.Fatal(err)
	}
	if err := f.ended(&cobra.Command{}, file, context.Canceled); !strings.Contains(err.Error(), "keeps the results of 2 queries, and the same command goes on from there") {
		t.Error(err)
	}
	if err := f.ended(&cobra.Command{}, nil, context.Canceled); !strings.Contains(err.Error(), "nothing is written") {
		t.Error(err)
	}
	if n := mine(file, blockfile.Identity{Blocks: 2, BlockSize: 2}, 3); n != 1 {
		t.Errorf("%d queries are to be ranked, want 1", n)
	}
}
