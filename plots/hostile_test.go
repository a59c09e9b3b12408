package plots

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// Names of files and labels reach a figure as they are: bytes that are no UTF-8, control
// characters, letters beyond the Basic Multilingual Plane, numbers that JSON does not
// have. Each format stays one that its readers read.
func TestHostileNames(t *testing.T) {
	c := batch(t, "multi_similarity", 3)
	for _, name := range []string{"emb\xc3", "\x1b[31mred", "a\u202eb", "😀 名 \x00\ufffe\uffff", "NaN", "=1+1", "</title>&", strings.Repeat("w", 300)} {
		c.Dataset, c.Title, c.Loss, c.Source = name, name, name, name
		for kind, f := range map[string]*Figure{"weights": Weights(Page, c), "overview": Overview([]*analysis.Scatter{c, c}, gpw.S, Page)} {
			checkSVG(t, f, kind, name)
			if pdf, err := f.PDF(); err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				t.Errorf("%s of %q: pdf: %v", kind, name, err)
			}
			if _, err := f.PNG(20); err != nil {
				t.Errorf("%s of %q: png: %v", kind, name, err)
			}
			text, err := f.JSON()
			if err != nil || !json.Valid(text) || bytes.ContainsRune(text, '\u202e') {
				t.Errorf("%s of %q: json: %v", kind, name, err)
			}
			table, err := f.CSV()
			if err != nil || bytes.ContainsAny(table, "\x1b\u202e") || bytes.Contains(table, []byte("\n=1")) {
				t.Errorf("%s of %q: csv: %v", kind, name, err)
			}
		}
	}
}

// checkSVG reads the figure as XML 1.0, in which no control character may stand.
func checkSVG(t *testing.T, f *Figure, kind, name string) {
	t.Helper()
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Errorf("%s of %q: svg: %v", kind, name, err)
			return
		}
	}
}
