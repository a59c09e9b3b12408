package cli

import (
	"io"
	"strings"
	"testing"
)

// A second value of a flag that holds one is refused by every verb, and lists grow.
func TestFlagsGivenOnce(t *testing.T) {
	for _, args := range []string{
		"weigh --loss contrastive --loss triplet --embeddings x.csv --labels y.txt",
		"plot --loss triplet --scale log --scale own -o z.svg",
		"run quickstart --workers 1 --workers 2",
		"eval --embeddings a.npy --labels a --labels b",
		"eval --embeddings a.npy --labels a --pairs 5 --pairs 6",
		"status --all --all",
	} {
		root := newRoot(io.Discard, io.Discard)
		root.SetArgs(strings.Fields(args))
		if err := root.Execute(); err == nil || !strings.Contains(err.Error(), "it is given already, as ") {
			t.Errorf("%s: %v", args, err)
		}
	}

	root := newRoot(io.Discard, io.Discard)
	root.SetArgs(strings.Fields("eval --embeddings no-a.npy --embeddings no-b.npy --labels no.txt"))
	if err := root.Execute(); err == nil || strings.Contains(err.Error(), "given already") {
		t.Errorf("two embeddings: %v", err)
	}
}
