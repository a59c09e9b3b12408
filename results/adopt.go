package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// adopt makes the list of a folder that has none, because an earlier gpw wrote none. If
// the folder has its plan, it also has the files that gpw wrote for it. Each must have
// the form that gpw gives it; doubtful files are not listed.
func (s *Store) adopt(o Output) (*written, error) {
	w := &written{Schema: Schema, Files: map[string]string{}}
	data, err := readRegular(s.path(planName))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, errNotRegular) {
		return w, nil
	}
	if err != nil {
		return nil, s.failed("reading "+s.path(planName), err)
	}

	var p Plan
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if d.Decode(&p) != nil || p.Schema != Schema || slices.ContainsFunc(p.Runs, func(id string) bool { return !isID(id) }) {
		return w, nil // not a plan of gpw, so it belongs to the user
	}

	w.Files[planName] = checksum(data)
	s.adoptFile(w, specName, func(spec []byte) bool {
		return o.SpecName != nil && o.SpecName(spec) == p.Experiment && !s.isSpecFile(o)
	})
	for _, name := range TableFiles() {
		s.adoptFile(w, name, func(table []byte) bool { return looksLikeTable(name, table) })
	}
	if o.Figures != nil {
		names := o.Figures(s.kept(p))
		for _, name := range names {
			if strings.HasSuffix(name, ".svg") {
				s.adoptFile(w, name, looksLikeFigure)
			}
		}

		for _, name := range names {
			// A PNG does not show which program made it; it belongs to the SVG of its
			// name.
			stem, isPNG := strings.CutSuffix(name, ".png")
			if isPNG && w.Files[stem+".svg"] != "" {
				s.adoptFile(w, name, func(png []byte) bool { return bytes.HasPrefix(png, []byte("\x89PNG\r\n\x1a\n")) })
			}
		}
	}

	return w, nil
}

func (s *Store) adoptFile(w *written, name string, ours func([]byte) bool) {
	if data, err := readRegular(s.path(name)); err == nil && ours(data) {
		w.Files[name] = checksum(data)
	}
}

// isSpecFile reports whether spec.yaml is the file that the spec was read from.
func (s *Store) isSpecFile(o Output) bool {
	read, err1 := os.Stat(o.SpecFile)
	kept, err2 := os.Stat(s.path(specName))
	return err1 == nil && err2 == nil && os.SameFile(read, kept)
}

// looksLikeTable reports whether a file begins as every table of gpw does.
func looksLikeTable(name string, data []byte) bool {
	if bytes.Contains(data[:min(len(data), 100)], []byte("no runs yet\n")) {
		return name != "table.csv" && name != "table.json"
	}

	switch name {
	case "table.txt":
		return bytes.Contains(data, []byte("\n────────")) && bytes.Contains(data, []byte("\n method "))
	case "table.md":
		return bytes.Contains(data, []byte("\n| method "))
	case "table.tex":
		return bytes.Contains(data, []byte(`\begin{tabular}`)) && bytes.Contains(data, []byte("method & "))
	case "table.csv":
		return bytes.HasPrefix(data, []byte("dataset,label,loss,preset,head,protocol,n"))
	}

	var table map[string]json.RawMessage
	return json.Unmarshal(data, &table) == nil && len(table) == 2 && table["rows"] != nil && table["notes"] != nil
}

// looksLikeFigure reports whether an SVG begins as every figure of gpw does.
func looksLikeFigure(data []byte) bool {
	return bytes.HasPrefix(data, []byte("<?xml")) && bytes.Contains(data[:min(len(data), 400)], []byte(" role=\"img\">\n<title>"))
}

// kept returns the runs of a plan that kept weights or their statistics, one of each row.
func (s *Store) kept(p Plan) []Record {
	var records []Record
	for _, id := range p.Runs {
		_, err1 := os.Lstat(s.path("weights/" + id + ".npz"))
		_, err2 := os.Lstat(s.path("moments/" + id + ".csv"))
		if err1 != nil && err2 != nil {
			continue
		}
		if r, err := s.Get(id); err == nil {
			records = append(records, r)
		}
	}
	return records
}
