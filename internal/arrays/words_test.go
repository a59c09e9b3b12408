package arrays

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// Words come back from where they were written, in any order, and leave no file.
func TestWords(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	w, err := NewWords()
	if err != nil {
		t.Fatal(err)
	}
	for at, words := range map[int64][]uint64{5: {1 << 63, 7}, 0: {1, 2, 3}} {
		if err := w.Write(words, at); err != nil {
			t.Fatal(err)
		}
	}
	got := make([]uint64, 7)
	if err := w.Read(got, 0); err != nil || !slices.Equal(got, []uint64{1, 2, 3, 0, 0, 1 << 63, 7}) {
		t.Errorf("words %v, error %v", got, err)
	}
	if err := w.Read(got, 1); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a word that is not there: error %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("files %v are left, error %v", left, err)
	}

	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.Write(got, 0); err == nil || !strings.Contains(err.Error(), "cannot be written") {
		t.Errorf("after the end: error %v", err)
	}
	t.Setenv("TMPDIR", dir+"/missing")
	if _, err := NewWords(); err == nil || !strings.Contains(err.Error(), "set TMPDIR to another folder") {
		t.Errorf("without a folder: error %v", err)
	}
}
