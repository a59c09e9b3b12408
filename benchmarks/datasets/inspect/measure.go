package inspect

import (
	"math"
	"slices"
)

// A Summary is the least, the median and the greatest of some numbers. The median of an
// even number of them is the mean of the middle two.
type Summary struct {
	Min    float64 `json:"min"`
	Median float64 `json:"median"`
	Max    float64 `json:"max"`
}

// summarise returns nil for no numbers.
func summarise(values []float64) *Summary {
	n := len(values)
	if n == 0 {
		return nil
	}
	v := slices.Clone(values)
	slices.Sort(v)
	return &Summary{v[0], v[(n-1)/2]/2 + v[n/2]/2, v[n-1]}
}

// measured is what one pass over the rows finds.
type measured struct {
	norms     []float64 // of all rows; NaN or infinite where the row is
	notFinite []int     // rows that hold NaN or an infinity, ascending
	zero      []int     // rows of zeros
	valid     []int     // the other rows
	constant  []int     // columns with one value in all valid rows, of two valid rows or more
	beyond    []int     // valid rows that float32 cannot represent
}

func (x *Rows) measure() *measured {
	m := &measured{norms: make([]float64, x.N)}
	buffer := make([]float64, x.D)
	var first []float64
	varies := make([]bool, x.D)

	for i := range x.N {
		row := x.row(i, buffer)
		m.norms[i] = norm(row)
		switch {
		case !finite(row):
			m.notFinite = append(m.notFinite, i)
			continue
		case m.norms[i] == 0:
			m.zero = append(m.zero, i)
			continue
		}

		m.valid = append(m.valid, i)
		if x.wide != nil && !narrows(row) {
			m.beyond = append(m.beyond, i)
		}
		if first == nil {
			first = slices.Clone(row)
		}
		for k, v := range row {
			varies[k] = varies[k] || v != first[k]
		}
	}

	if len(m.valid) > 1 {
		for k, v := range varies {
			if !v {
				m.constant = append(m.constant, k)
			}
		}
	}
	return m
}

func finite(row []float64) bool {
	for _, v := range row {
		if v-v != 0 {
			return false
		}
	}
	return true
}

// narrows says whether float32 holds the largest of the numbers with all its digits.
func narrows(row []float64) bool {
	largest := 0.0
	for _, v := range row {
		largest = max(largest, math.Abs(v))
	}
	return largest >= 0x1p-126 && largest <= math.MaxFloat32
}

// counts returns the number of rows of each label, by ascending label.
func counts(labels []int) (classes, sizes []int) {
	of := map[int]int{}
	for _, l := range labels {
		if of[l]++; of[l] == 1 {
			classes = append(classes, l)
		}
	}
	slices.Sort(classes)
	for _, l := range classes {
		sizes = append(sizes, of[l])
	}
	return classes, sizes
}
