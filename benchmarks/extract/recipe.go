package extract

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// A Recipe is all that the rows depend on, beside the contents of the images. Two
// recipes with equal JSON are the same.
type Recipe struct {
	Format        string        `json:"format"`
	Model         Model         `json:"model"`
	Preprocessing Preprocessing `json:"preprocessing"`
	Batch         int           `json:"batch"`        // images in a call of the network
	Images        int           `json:"images"`       // in the list
	Paths         string        `json:"paths_sha256"` // of the paths, each with a line end
}

// format is raised when rows change that have the same recipe otherwise.
const format = "gpw extract 1"

func newRecipe(paths []string, m Model, p Preprocessing, batch int) Recipe {
	h := sha256.New()
	for _, p := range paths {
		h.Write([]byte(p + "\n"))
	}
	return Recipe{Format: format, Model: m, Preprocessing: p, Batch: batch, Images: len(paths), Paths: hex.EncodeToString(h.Sum(nil))}
}

// difference names the settings in which two recipes in JSON differ.
func difference(was, is string) string {
	before, after := settings(was), settings(is)
	if len(before) == 0 {
		return "it holds no settings of an extraction"
	}
	keys := map[string]bool{}
	for _, m := range []map[string]string{before, after} {
		for k := range m {
			keys[k] = true
		}
	}
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(keys)) {
		if before[k] != after[k] {
			parts = append(parts, fmt.Sprintf("%s was %s and is %s", k, orNone(before[k]), orNone(after[k])))
		}
	}
	return strings.Join(parts, ", ")
}

func orNone(s string) string {
	if s == "" {
		return "not given"
	}
	return s
}

// settings are the values of a JSON object as text, by their keys.
func settings(text string) map[string]string {
	var v map[string]any
	if json.Unmarshal([]byte(text), &v) != nil {
		return nil
	}
	all := map[string]string{}
	for key, value := range v {
		if inner, ok := value.(map[string]any); ok {
			for k, v := range inner {
				b, _ := json.Marshal(v)
				all[key+"."+k] = string(b)
			}
			continue
		}
		b, _ := json.Marshal(value)
		all[key] = string(b)
	}
	return all
}

// stamp is a checksum of the sizes and times of the files of a batch. Where it changes,
// the batch is done again. A file that is missing has neither.
func (s *Set) stamp(from, to int) string {
	h := sha256.New()
	for image := from; image < to; image++ {
		if info, err := os.Stat(s.file(image)); err == nil {
			fmt.Fprintf(h, "%d %d\n", info.Size(), info.ModTime().UnixNano())
		} else {
			fmt.Fprintln(h, "missing")
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
