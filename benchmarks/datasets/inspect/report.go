package inspect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Severity says how grave a finding is.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // the rows cannot be used, or results mean nothing
	Warning Severity = "warning" // results are of something else than is meant, probably
	Note    Severity = "note"    // harmless once it is known
)

var severities = []Severity{Error, Warning, Note}

// A Finding is what a check says of a file, or of two.
type Finding struct {
	File     string   `json:"file"`
	Name     string   `json:"name"` // of the check
	Severity Severity `json:"severity"`
	Text     string   `json:"text"`   // what there is
	Advice   string   `json:"advice"` // what to do
	Count    int      `json:"count,omitempty"`
	Rows     []int    `json:"rows,omitempty"` // the first of them, or of the columns, from 0
}

// A Share is a count of a sample, beside what chance would give.
type Share struct {
	Hits   int     `json:"hits"`
	Of     int     `json:"of"`
	Chance float64 `json:"chance"` // the share by chance, of 1
}

// A File is what was measured of a subject. What it has not is left out.
type File struct {
	Path       string  `json:"path"`
	LabelsPath string  `json:"labels_path,omitempty"`
	Format     string  `json:"format"`
	Arrays     []Array `json:"arrays"`

	*Features
	*Classes
	Parts   *Parts   `json:"parts,omitempty"`
	Within  *Summary `json:"similarity_within,omitempty"`  // of sampled pairs of one class
	Between *Summary `json:"similarity_between,omitempty"` // of sampled pairs of two
	Nearest *Share   `json:"nearest_share_label,omitempty"`
}

// Features are what was measured of rows.
type Features struct {
	Rows            int      `json:"rows"`
	Columns         int      `json:"columns"`
	Norms           *Summary `json:"norms"` // of the rows that are finite and not zero
	NotFinite       int      `json:"not_finite_rows"`
	Zero            int      `json:"zero_rows"`
	Copies          int      `json:"copies"` // rows that have the values of an earlier row
	ConstantColumns int      `json:"constant_columns"`
}

// Classes are what was measured of labels.
type Classes struct {
	Labels    int      `json:"labels"`
	Type      string   `json:"label_type,omitempty"`
	Classes   int      `json:"classes"`
	PerClass  *Summary `json:"rows_per_class"`
	Singleton int      `json:"classes_of_one"`
	First     string   `json:"first_class"` // the least label, or the first string
	Last      string   `json:"last_class"`
}

// Parts are the numbers of rows of a partition.
type Parts struct {
	Train   int `json:"train"`
	Query   int `json:"query"`
	Gallery int `json:"gallery"`
	Test    int `json:"test"` // rows that are both
}

// A Report is what was measured and found.
type Report struct {
	Seed     uint64    `json:"seed"` // of the samples
	Files    []*File   `json:"files"`
	Findings []Finding `json:"findings"` // by file, in the order of Checks
}

// Worst returns the gravest severity of the findings, or "".
func (r *Report) Worst() Severity {
	for _, s := range severities {
		if slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == s }) {
			return s
		}
	}
	return ""
}

// Count returns the number of findings of a severity.
func (r *Report) Count(of Severity) int {
	n := 0
	for _, f := range r.Findings {
		n += b2i(f.Severity == of)
	}
	return n
}

func (r *Report) add(c Check, file string, found []Finding) {
	for _, f := range found {
		f.File, f.Name = file, c.Name
		r.Findings = append(r.Findings, f)
	}
}

// file is what was measured of a subject.
func (s *Subject) file() *File {
	f := &File{Path: s.Path, LabelsPath: s.LabelsPath, Format: s.Format, Arrays: append([]Array{}, s.Arrays...), Within: s.in, Between: s.over}
	if s.X != nil {
		var norms []float64
		for _, i := range s.stats.valid {
			norms = append(norms, s.stats.norms[i])
		}
		f.Features = &Features{
			Rows: s.X.N, Columns: s.X.D, Norms: summarise(norms), NotFinite: len(s.stats.notFinite), Zero: len(s.stats.zero),
			Copies: len(s.copies), ConstantColumns: len(s.stats.constant),
		}
	}
	if s.Labels != nil {
		f.Classes = s.perClass()
	}
	if s.Part != nil {
		n := [4]int{}
		for _, p := range s.Part {
			n[p]++
		}
		f.Parts = &Parts{Train: n[0], Query: n[1], Gallery: n[2], Test: n[3]}
	}
	if hits, of, chance := agreement(s.near, s.Labels); of > 0 {
		f.Nearest = &Share{hits, of, chance}
	}
	return f
}

func (s *Subject) perClass() *Classes {
	sizes := make([]float64, len(s.sizes))
	single := 0
	for k, n := range s.sizes {
		sizes[k] = float64(n)
		single += b2i(n == 1)
	}
	c := &Classes{Labels: len(s.Labels), Type: s.LabelType, Classes: len(s.classes), PerClass: summarise(sizes), Singleton: single}
	if n := len(s.classes); n > 0 {
		c.First, c.Last = s.class(s.classes[0]), s.class(s.classes[n-1])
	}
	return c
}

// class writes a label.
func (s *Subject) class(label int) string {
	if label >= 0 && label < len(s.Names) {
		return s.Names[label]
	}
	return strconv.Itoa(label)
}

// mostRows is how many rows a finding names.
const mostRows = 5

// firsts returns the first few rows for a finding, and how a sentence lists them.
func firsts(rows []int) ([]int, string) {
	few := rows[:min(len(rows), mostRows)]
	var words []string
	for _, i := range few {
		words = append(words, strconv.Itoa(i))
	}
	text := strings.Join(words, ", ")
	if len(rows) > len(few) {
		text += ", …"
	}
	return slices.Clone(few), text
}

func shapeText(shape []int) string {
	text := strings.Trim(strings.ReplaceAll(fmt.Sprint(shape), " ", ", "), "[]")
	if len(shape) == 1 {
		text += ","
	}
	return "(" + text + ")"
}
