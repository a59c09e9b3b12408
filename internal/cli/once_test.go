package cli

import (
	"bytes"
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
		var said bytes.Buffer
		if code := Main(strings.Fields(args), io.Discard, &said); code != exitUsage || !strings.Contains(said.String(), "it is given already, as ") {
			t.Errorf("%s: code %d, %s", args, code, &said)
		}
	}

	var said bytes.Buffer
	Main(strings.Fields("eval --embeddings no-a.npy --embeddings no-b.npy --labels no.txt"), io.Discard, &said)
	if strings.Contains(said.String(), "given already") || !strings.Contains(said.String(), "no.txt") {
		t.Errorf("two embeddings: %s", &said)
	}
}

// Flags that are given do not hinder the completion of others.
func TestCompletionBehindFlags(t *testing.T) {
	var words, said bytes.Buffer
	code := Main([]string{"__complete", "plot", "--loss", "ms", "--scale", "log", "--view", ""}, &words, &said)
	if code != 0 || !strings.Contains(words.String(), "overview") || strings.Contains(said.String(), "given already") {
		t.Errorf("code %d: %s\n%s", code, &words, &said)
	}
}
