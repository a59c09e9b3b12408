package arrays

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParsePart(t *testing.T) {
	for word, want := range map[string]int{
		"train": 0, "Training": 0, "query": 1, "GALLERY": 2, "test": 3, "val": 3, "valid": 3, "Validation": 3, "dev": -1, "0": -1, "": -1,
	} {
		if part, ok := ParsePart(word); ok != (want >= 0) || ok && part != want {
			t.Errorf("%q is part %d, %t; want %d", word, part, ok, want)
		}
	}
	for part, name := range PartNames {
		if got, ok := ParsePart(name); !ok || got != part {
			t.Errorf("%s is part %d, %t; want %d", name, got, ok, part)
		}
	}
}

// Codes and words say the same, and what is neither has its row named.
func TestReadParts(t *testing.T) {
	dir := t.TempDir()
	read := func(name, text string) ([]int, error) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return ReadParts(path)
	}
	for _, text := range []string{"0\n1\n2\n3\n", "train\nquery\ngallery\nvalidation\n", "Train\n1\ngallery\n3\n", "label,split\n7,train\n8,query\n9,gallery\n9,test\n"} {
		if parts, err := read("p.csv", text); err != nil || !slices.Equal(parts, []int{0, 1, 2, 3}) {
			t.Errorf("%q is %v, error %v", text, parts, err)
		}
	}
	for text, want := range map[string]string{
		"0\n4\n":         "4 in row 1 of the partition: use train, query, gallery or test, or 0, 1, 2, 3",
		"train\ndev\n":   `"dev" in row 1 of the partition: use train, query, gallery or test, or 0, 1, 2, 3`,
		"train\nx4\n":    `"x4" in row 1 of the partition: use train`,
		"part\n0.5\n1\n": "has no array that can be a partition",
	} {
		if parts, err := read("p.csv", text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is %v, error %v; want %s", text, parts, err, want)
		}
	}
}
