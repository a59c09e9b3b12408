package results

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

const writtenName = "written.json"

// A written is the list of the files of a folder that gpw wrote and whose names do not
// prove it. Files named by an id need no line, because nothing else gives the SHA-256 of
// settings as a name.
type written struct {
	Schema int `json:"schema"`
	// By name: the SHA-256 of its bytes, or "" until it is completely written.
	Files map[string]string `json:"files"`

	// By name of a figure, and of the folder of all: what identifies the data and the
	// program that it was drawn from.
	Drawn map[string]string `json:"drawn,omitempty"`
}

// TuningFiles are the results of a search, for people and for programs.
var TuningFiles = []string{"tuning.txt", "tuning.json"}

// HoldsTuning reports whether the folder is of a search, which has trials and no runs.
// Finished are then those of [TuningFiles] and of tuned specs that are there, by name.
func (s *Store) HoldsTuning(p Plan) (finished []string, is bool) {
	if len(p.Runs) > 0 {
		return nil, false
	}
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, false
	}
	for _, e := range entries {
		is = is || e.IsDir() && e.Name() == "trials"
		if slices.Contains(TuningFiles, e.Name()) || tunedSpec.MatchString(e.Name()) {
			finished = append(finished, e.Name())
		}
	}
	return finished, is
}

// TunedSpec is the name of the spec with the settings that a search found on a data set.
func TunedSpec(dataset string) string { return "tuned_" + dataset + ".yaml" }

// TunedVariantSpec is that of one variant of a sweep, counted from 1. The name of a data
// set has no hyphen, so that it is of no other data set.
func TunedVariantSpec(dataset string, variant int) string {
	return fmt.Sprintf("tuned_%s-%d.yaml", dataset, variant)
}

var tunedSpec = regexp.MustCompile(`^tuned_[a-z][a-z0-9_]*(-[1-9][0-9]*)?\.yaml$`)

// isListed reports whether a name may be in the list. It must not lead out of the folder.
func isListed(name string) bool {
	if name == planName || name == specName || name == ReportFile || slices.Contains(TableFiles(), name) {
		return true
	}
	if slices.Contains(TuningFiles, name) || tunedSpec.MatchString(name) {
		return true
	}
	folder, base := path.Split(name)
	extension := path.Ext(base)
	return folder == "figures/" && fs.ValidPath(name) && !strings.HasPrefix(base, ".") && (extension == ".svg" || extension == ".png")
}

// readWritten returns the list of the folder, or nil where there is none.
func (s *Store) readWritten() (*written, error) {
	file := s.path(writtenName)
	data, err := readRegular(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, s.failed("reading "+file, err)
	}

	w := new(written)
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if d.Decode(w) != nil || w.Schema < 1 || w.Files == nil {
		return nil, fmt.Errorf("results: %s is not the list that gpw keeps of its files there: move it elsewhere, or choose another folder", file)
	}
	if w.Schema != Schema {
		return nil, fmt.Errorf("results: %s: list of schema %d, this program reads %d: use the program that wrote it, or another folder", file, w.Schema, Schema)
	}

	for name := range w.Files {
		if !isListed(name) {
			return nil, fmt.Errorf("results: %s lists %q, which gpw does not write: move the list elsewhere, or choose another folder", file, name)
		}
	}

	return w, nil
}

func (s *Store) putWritten(w *written) error {
	data, err := json.MarshalIndent(w, "", "  ")
	if err != nil {
		return fmt.Errorf("results: %s: %w", writtenName, err)
	}
	return s.write(writtenName, append(data, '\n'))
}

func (w *written) clone() *written {
	if w == nil {
		return nil
	}
	return &written{w.Schema, maps.Clone(w.Files), maps.Clone(w.Drawn)}
}

// foreign returns the reason why a file of the folder may not be replaced or removed. It
// is "" if it may be, or does not exist.
func (s *Store) foreign(w *written, name string) (reason string, err error) {
	data, err := readRegular(s.path(name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case errors.Is(err, errNotRegular):
		return "is no file of gpw's", nil
	case err != nil:
		return "", s.failed("reading "+s.path(name), err)
	}

	sum, listed := w.Files[name]
	switch {
	case !listed:
		return "was not written by gpw", nil
	case sum != "" && sum != checksum(data):
		return "was changed after gpw wrote it", nil
	}

	return "", nil
}

func checksum(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

var errNotRegular = errors.New("not a regular file")

// readRegular reads a regular file. Links, folders and pipes are errors, because gpw
// never makes them there.
func readRegular(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errNotRegular}
	}
	return os.ReadFile(path)
}

// sumRegular is the SHA-256 of a file that readRegular reads.
func sumRegular(path string) (string, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", &fs.PathError{Op: "open", Path: path, Err: errNotRegular}
	}
	return sumFile(path)
}
