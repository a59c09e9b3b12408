package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// A missing file is told by the folder that was searched, with the nearest name there.
func TestMissingFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "features"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "features", "train.npy"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"features/trian.npy": "nothing of this name is in " + dir + "/features (did you mean train.npy?)",
		"features/zebra.npy": "nothing of this name is in " + dir + "/features",
		"feature/train.npy":  "there is no feature in " + dir + " (did you mean features?)",
	} {
		path = filepath.Join(dir, path)
		_, err := os.Stat(path)
		err = fmt.Errorf("npy: %w: more", err)
		if text := withHints(err); text != "npy: "+path+": "+want+": more" {
			t.Errorf("%s: %s, want %s", path, text, want)
		}
	}
}
