package spec

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// partKeys are the parts of a data set, by the codes that a partition has for them.
var partKeys = []string{"train", "query", "gallery", "test"}

// A Files is the features of a part and the classes of their rows.
type Files struct{ Features, Labels string }

// Separate are the files of a data set whose parts have files of their own. The test rows
// search each other.
type Separate struct{ Train, Query, Gallery, Test Files }

// Each returns the files by the codes of the parts, zero for a part that there is not.
func (s Separate) Each() []Files { return []Files{s.Train, s.Query, s.Gallery, s.Test} }

// fields are those of the parts, in a data set.
func (s *Separate) fields(d *decoder) []field {
	var all []field
	for part, to := range []*Files{&s.Train, &s.Query, &s.Gallery, &s.Test} {
		key := partKeys[part]
		all = append(all, field{key, func(n *yaml.Node) {
			before := len(d.found)
			d.mapping(n, key, d.pathField("features", &to.Features), d.pathField("labels", &to.Labels))
			if len(d.found) == before && to.Labels == "" {
				d.add(n, "%s needs labels, the class of each of its rows", key)
			}
		}})
	}
	return all
}

// encode writes the part, nil for none.
func (f Files) encode() any {
	if f == (Files{}) {
		return nil
	}
	return mapping(pair{"features", given(f.Features)}, pair{"labels", given(f.Labels)})
}

// Ranges are rows by parts: "0:100" are the rows 0 to 99, as NumPy slices them, and
// commas separate several.
type Ranges struct{ Train, Query, Gallery, Test string }

// Each returns the ranges by the codes of the parts.
func (r Ranges) Each() []string { return []string{r.Train, r.Query, r.Gallery, r.Test} }

// Partition returns the part of each of n rows.
func (r Ranges) Partition(n int) ([]int, error) {
	parts := make([]int, n)
	for i := range parts {
		parts[i] = -1
	}
	for part, text := range r.Each() {
		for _, rows := range strings.FieldsFunc(text, func(c rune) bool { return c == ',' || c == ' ' }) {
			from, to, err := parseRange(rows)
			if err != nil {
				return nil, err
			}
			if to > n {
				return nil, fmt.Errorf("the partition has the rows %s of %s, and there are %d rows", rows, partKeys[part], n)
			}
			for row := from; row < to; row++ {
				if parts[row] >= 0 {
					return nil, fmt.Errorf("the partition has row %d in %s and in %s; each row is in one part", row, partKeys[parts[row]], partKeys[part])
				}
				parts[row] = part
			}
		}
	}
	for row, part := range parts {
		if part < 0 {
			return nil, fmt.Errorf("the partition has %d rows in no part, first row %d of %d; each row is in one part", count(parts, -1), row, n)
		}
	}
	return parts, nil
}

func count(all []int, of int) (n int) {
	for _, v := range all {
		if v == of {
			n++
		}
	}
	return n
}

var rangeForm = regexp.MustCompile(`^(\d{1,15}):(\d{1,15})$`)

// parseRange reads from:to, without the row to.
func parseRange(text string) (from, to int, err error) {
	m := rangeForm.FindStringSubmatch(text)
	if m == nil {
		return 0, 0, fmt.Errorf("%.60q are no rows; write from:to, such as 0:100 for the first hundred", text)
	}
	from, _ = strconv.Atoi(m[1])
	to, _ = strconv.Atoi(m[2])
	if from >= to {
		return 0, 0, fmt.Errorf("%s are no rows; %d, the row behind the last, must be above %d", text, to, from)
	}
	return from, to, nil
}

// partition reads the path of a partition, or ranges of rows.
func (d *decoder) partition(n *yaml.Node, path *string, rows *Ranges) {
	if n.Kind != yaml.MappingNode {
		d.pathField("partition", path).read(n)
		return
	}
	var fields []field
	for part, to := range []*string{&rows.Train, &rows.Query, &rows.Gallery, &rows.Test} {
		fields = append(fields, field{partKeys[part], func(n *yaml.Node) {
			var all []string
			d.list(n, partKeys[part], func(e *yaml.Node) {
				if e.Kind != yaml.ScalarNode {
					d.add(e, "%s must be rows from:to, such as 0:100", partKeys[part])
					return
				}
				if _, _, err := parseRange(e.Value); err != nil {
					d.add(e, "%v", err)
				}
				all = append(all, e.Value)
			})
			*to = strings.Join(all, ",")
		}})
	}
	d.mapping(n, "partition", fields...)
	if *rows == (Ranges{}) {
		d.add(n, "partition needs rows of its parts, such as {train: 0:100, test: 100:200}")
	}
}

// encodePartition writes what divides the rows, nil for nothing.
func (d *Dataset) encodePartition() any {
	if d.Rows == (Ranges{}) {
		return given(d.Partition)
	}
	var all []pair
	for part, text := range d.Rows.Each() {
		if text != "" {
			all = append(all, pair{partKeys[part], strings.Split(text, ",")})
		}
	}
	return mapping(all...)
}

// Divided reports whether a file or rows divide the data set by themselves.
func (d *Dataset) Divided() bool {
	return d.Partition != "" || d.Rows != Ranges{} || d.Separate != Separate{}
}

// HasFiles reports whether the data set names files of its own.
func (d *Dataset) HasFiles() bool {
	return d.Features != "" || d.Labels != "" || d.Layout != "" || d.Separate != Separate{}
}

// Origin names the files of the data set, as the spec has them.
func (d *Dataset) Origin() string {
	var all []string
	for part, f := range d.Separate.Each() {
		if file := f.Features; file != "" {
			all = append(all, file+" ("+partKeys[part]+")")
		} else if f.Labels != "" {
			all = append(all, f.Labels+" ("+partKeys[part]+")")
		}
	}
	switch {
	case len(all) > 0:
		return strings.Join(all, ", ")
	case d.Features != "" && d.Layout != "":
		return d.Features + " with the annotation " + d.Layout
	case d.Features != "":
		return d.Features
	case d.Layout != "":
		return d.Layout
	}
	return d.Labels
}
