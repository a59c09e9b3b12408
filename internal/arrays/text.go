package arrays

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Names of columns that describe a row and are neither features nor labels, in lower
// case: indices as pandas writes them, and the columns of lists of images.
var otherColumns = []string{
	"", "unnamed: 0", "index", "id", "image_id", "img_id", "row", "path", "filepath", "file", "filename", "file_name", "image", "image_path", "img",
	"split", "partition", "is_query", "is_gallery", "fold", "category", "sequence", "x_1", "x_2", "y_1", "y_2",
}

// A textColumn is what the lines of a text have in common at one place.
type textColumn struct {
	name         string
	number       bool // the first value is one
	ints, floats bool // all values are
	line         int  // of the first value that is no number
	value        string
}

// A textTable is a text file of rows.
type textTable struct {
	f         *File
	separator byte
	comments  int // lines before the header
	columns   []textColumn
	rows      int
	header    bool // names of the columns stand above the rows
}

// readText lists the columns of a text: .csv, .tsv, or a list of one label or of a path
// and a label in a line. One pass finds how many rows there are and which columns hold
// numbers. A column is parsed when it is asked for.
func readText(f *File) error {
	t := &textTable{f: f}
	if err := t.findSeparator(); err != nil {
		return err
	}
	if err := t.scan(); err != nil {
		return err
	}

	f.table = t
	if a := t.matrix(-1); a != nil {
		f.Arrays = append(f.Arrays, a)
	}
	label := t.labelColumn()
	for k := range t.columns {
		if k == label || !t.isFeature(k) {
			a := t.column(k)
			a.isLabels = k == label
			f.Arrays = append(f.Arrays, a)
		}
	}
	return nil
}

// reader reads from behind the comments.
func (t *textTable) reader() (*records, error) {
	rs := newRecords(io.NewSectionReader(t.f.r, 0, t.f.size))
	for range t.comments {
		if _, err := rs.read(); err != nil {
			return nil, err
		}
	}
	rs.separator = t.separator
	return rs, nil
}

// pathLike is the first field of a list of images.
var pathLike = regexp.MustCompile(`(?i)/|\.(jpe?g|png|bmp|gif|webp|tiff?)$`)

// findSeparator finds what separates the fields, and comments before the first line.
func (t *textTable) findSeparator() error {
	lines, err := t.reader()
	if err != nil {
		return err
	}
	var line []byte
	for {
		fields, err := lines.read()
		if err == io.EOF {
			return errors.New("has no rows: give one row a line")
		} else if err != nil {
			return err
		}
		line = fields[0]
		if !bytes.HasPrefix(line, []byte("# ")) {
			break
		}
		t.comments++
	}

	has := func(c string) bool { return bytes.Contains(line, []byte(c)) }
	words := bytes.Fields(line)
	switch ext := strings.ToLower(filepath.Ext(t.f.Path)); {
	case ext == ".tsv", has("\t"):
		t.separator = '\t'
	case ext == ".csv" && !has(",") && has(";"):
		t.separator = ';'
	case ext == ".csv", has(","):
		t.separator = ','
	case len(words) > 1 && !slices.ContainsFunc(words, func(w []byte) bool { return !isFloat(w) }),
		len(words) == 2 && pathLike.Match(words[0]):
		t.separator = ' '
	}
	return nil
}

// scan reads all lines once.
func (t *textTable) scan() error {
	rs, err := t.reader()
	if err != nil {
		return err
	}
	first, err := rs.read()
	if err != nil {
		return err
	}
	names := make([]string, len(first))
	for k, field := range first {
		names[k] = string(field)
	}
	t.columns, rs.most = make([]textColumn, len(first)), len(first)
	for k := range t.columns {
		t.columns[k] = textColumn{name: strconv.Itoa(k), ints: true, floats: true}
	}
	blank := 0
	for line := rs.line; ; line = rs.line {
		fields, err := rs.read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if len(fields) == 0 || len(fields) == 1 && len(fields[0]) == 0 {
			blank = max(blank, line+1)
			continue
		}
		if blank > 0 {
			return fmt.Errorf("line %d is empty, and there are rows behind it: remove it", blank)
		}
		if len(fields) != len(t.columns) {
			return fmt.Errorf("line %d has %d fields, want %d as in the first line", rs.line, len(fields), len(t.columns))
		}
		t.add(fields, rs.line)
	}

	return t.finish(names)
}

// add notes what the values of a row are.
func (t *textTable) add(fields [][]byte, line int) {
	for k, field := range fields {
		c := &t.columns[k]
		if t.rows == 0 {
			c.number = isFloat(field)
		}
		if c.ints && !isInt(field) {
			c.ints = false
		}
		if c.floats && !c.ints && !isFloat(field) {
			c.floats, c.line, c.value = false, line, string(field)
		}
	}
	t.rows++
}

// finish decides whether the first line has the names of the columns. It has if it holds
// no number and there is a column of numbers below it, or a name that is usual; or if its
// numbers count the columns, as those of a data frame without names do.
func (t *textTable) finish(names []string) error {
	usual, numbers, below, counts := false, 0, false, 0
	for k, name := range names {
		if isFloat([]byte(name)) {
			numbers++
		} else if lower := strings.ToLower(name); slices.Contains(labelNames, lower) || slices.Contains(otherColumns, lower) {
			usual = usual || name != "" || len(names) > 1
		}
		if name == strconv.Itoa(counts) {
			counts++
		}
		below = below || t.columns[k].floats && t.rows > 0
	}

	t.header = numbers == 0 && (below || usual && t.rows > 0) || counts > 1 && numbers == counts && usual
	if !t.header {
		fields := make([][]byte, len(names))
		for k, name := range names {
			fields[k] = []byte(name)
		}
		// The first line is a row like those that were read.
		for k := range t.columns {
			c := &t.columns[k]
			c.number = isFloat(fields[k])
			c.ints = c.ints && isInt(fields[k])
			if !c.number && c.floats {
				c.floats, c.line, c.value = false, 1+t.comments, names[k]
			}
			c.floats = c.floats && c.number
		}
		t.rows++
		return nil
	}

	seen := map[string]bool{}
	for k, name := range names {
		if seen[name] {
			return fmt.Errorf("line %d has two columns called %q: name them apart", 1+t.comments, name)
		}
		seen[name] = true
		t.columns[k].name = name
	}
	return nil
}

// isFeature says whether a column is one of the features: of numbers, and not called
// otherwise.
func (t *textTable) isFeature(k int) bool {
	c := t.columns[k]
	name := strings.ToLower(c.name)
	return c.number && !(t.header && (slices.Contains(otherColumns, name) || slices.Contains(labelNames, name)))
}

// labelColumn is the column of labels, or -1: the one with a usual name, the only one,
// the only one of words, or the second of a path and a label.
func (t *textTable) labelColumn() int {
	if len(t.columns) == 1 {
		return 0
	}
	found, words := -1, -1
	for k, c := range t.columns {
		name := strings.ToLower(c.name)
		switch {
		case t.header && slices.Contains(labelNames, name):
			if found < 0 || slices.Index(labelNames, name) < slices.Index(labelNames, strings.ToLower(t.columns[found].name)) {
				found = k
			}
		case !c.floats && !c.number && !(t.header && slices.Contains(otherColumns, name)):
			if words == -1 {
				words = k
			} else {
				words = -2
			}
		}
	}

	switch {
	case found >= 0:
		return found
	case len(t.columns) == 2 && !t.header && !t.columns[0].number:
		return 1
	}
	return max(words, -1)
}

// named is the column of a name, or of a number where there are no names, or nil.
func (t *textTable) named(name string) *Array {
	for k, c := range t.columns {
		if c.name == name {
			return t.column(k)
		}
	}
	return nil
}

// called is how an error calls a column: by the name above it, quoted if that is a number
// or empty, or by its place counted from 1, as lines are.
func (t *textTable) called(k int) string {
	name := t.columns[k].name
	switch {
	case !t.header:
		return fmt.Sprintf("%d of %d", k+1, len(t.columns))
	case name == "" || isFloat([]byte(name)):
		return strconv.Quote(name)
	}
	return name
}

// column is one column as an array.
func (t *textTable) column(k int) *Array {
	c := t.columns[k]
	a := &Array{Name: c.name, Shape: []int{t.rows}, file: t.f, inTable: true, place: k}
	switch {
	case c.ints:
		a.dtype = int64s
		a.integers = func() ([]int, error) { return t.ints(k) }
	case c.floats:
		a.dtype = float64s
	default:
		a.dtype = strs
		a.strings = func() ([]string, error) { return t.strings(k, false) }
		a.gappy = func() ([]string, error) { return t.strings(k, true) }
	}
	a.Type = a.dtype.name
	return a
}

// matrix is the columns of features without one, or nil if there are none.
func (t *textTable) matrix(without int) *Array {
	var columns []int
	for k := range t.columns {
		if k != without && t.isFeature(k) {
			columns = append(columns, k)
		}
	}
	if len(columns) == 0 {
		return nil
	}

	a := &Array{Name: "features", Shape: []int{t.rows, len(columns)}, dtype: float64s, file: t.f, place: -1}
	if len(t.columns) == 1 && t.columns[0].ints {
		a.dtype = int64s // labels, and no features
	}
	a.Type = a.dtype.name
	a.refuseInts = func() error {
		return fmt.Errorf("has %d columns of numbers, and none of them is called label: name the one of the labels, as %s:%s", len(columns), t.f.Path, t.columns[columns[len(columns)-1]].name)
	}
	a.floats32 = func() ([]float32, error) { return numbers[float32](t, columns) }
	a.floats64 = func() ([]float64, error) { return numbers[float64](t, columns) }
	return a
}

// each passes the rows again.
func (t *textTable) each(row func(i int, fields [][]byte, line int) error) error {
	rs, err := t.reader()
	if err == nil && t.header {
		_, err = rs.read()
	}
	if err != nil {
		return err
	}
	rs.most = len(t.columns)
	for i := 0; i < t.rows && err == nil; i++ {
		var fields [][]byte
		fields, err = rs.read()
		if err == io.EOF || err == nil && len(fields) != len(t.columns) {
			err = errors.New("changed while it was read: try again")
		}
		if err == nil {
			err = row(i, fields, rs.line)
		}
	}
	return err
}

func numbers[T float32 | float64](t *textTable, columns []int) ([]T, error) {
	for _, k := range columns {
		if c := t.columns[k]; !c.floats {
			return nil, fmt.Errorf("line %d holds %.40q in column %s, want a number", c.line, c.value, t.called(k))
		}
	}
	out := make([]T, 0, t.rows*len(columns))
	err := t.each(func(_ int, fields [][]byte, line int) error {
		for _, k := range columns {
			v, err := strconv.ParseFloat(string(fields[k]), 64)
			if err != nil && !errors.Is(err, strconv.ErrRange) { // which gives an infinity
				return fmt.Errorf("line %d holds %.40q in column %s, want a number", line, fields[k], t.called(k))
			}
			out = append(out, T(v))
		}
		return nil
	})
	return out, err
}

func (t *textTable) ints(k int) ([]int, error) {
	out := make([]int, t.rows)
	return out, t.each(func(i int, fields [][]byte, line int) (err error) {
		if out[i], err = strconv.Atoi(string(fields[k])); err != nil {
			return fmt.Errorf("line %d holds %.40q in column %s, want an integer", line, fields[k], t.called(k))
		}
		return nil
	})
}

// strings are the fields of a column, of which some may be empty only with gaps.
func (t *textTable) strings(k int, gaps bool) ([]string, error) {
	out := make([]string, t.rows)
	return out, t.each(func(i int, fields [][]byte, line int) error {
		if len(fields[k]) == 0 && !gaps {
			return fmt.Errorf("line %d has no label in column %s: give every row one", line, t.called(k))
		}
		out[i] = string(fields[k])
		return nil
	})
}

// isInt says whether a field is an integer of 64 bits.
func isInt(b []byte) bool {
	if len(b) == 0 || b[0] != '-' && b[0] != '+' && (b[0] < '0' || b[0] > '9') {
		return false
	}
	_, err := strconv.Atoi(string(b))
	return err == nil
}

// isFloat says whether a field is a number.
func isFloat(b []byte) bool {
	if len(b) == 0 {
		return false
	}
	_, err := strconv.ParseFloat(string(b), 64)
	return err == nil || errors.Is(err, strconv.ErrRange)
}
