package search

import (
	"fmt"
	"math"
	"strconv"
)

// A Dimension is a setting with the range of its values.
type Dimension struct {
	Path      string  `json:"path"` // of the setting, in a spec
	Low, High float64 `json:"-"`
	Log       bool    `json:"log"`     // evenly spread by ratio
	Whole     bool    `json:"whole"`   // whole numbers
	Default   float64 `json:"default"` // of the first trial; within the range or not
}

// check says what is wrong with the range, or "".
func (d Dimension) check() error {
	switch {
	case math.IsInf(d.Low, 0) || math.IsInf(d.High, 0) || math.IsNaN(d.Low) || math.IsNaN(d.High):
		return fmt.Errorf("%s: the range from %v to %v is infinite; give two finite bounds", d.Path, d.Low, d.High)
	case d.Low >= d.High:
		return fmt.Errorf("%s: the range from %v to %v is empty; give the lower bound first", d.Path, d.Low, d.High)
	case d.Log && d.Low <= 0:
		return fmt.Errorf("%s: the range from %v to %v is searched by ratio, which needs a lower bound above 0", d.Path, d.Low, d.High)
	}
	return nil
}

// Value is the value at u in [0, 1] of the range. It has 3 significant digits, so that it
// can be written into a spec and read in a table, or is whole.
func (d Dimension) Value(u float64) float64 {
	v := d.Low + u*(d.High-d.Low)
	if d.Log {
		v = math.Exp(math.Log(d.Low) + u*(math.Log(d.High)-math.Log(d.Low)))
	}
	if d.Whole {
		return math.Min(d.High, math.Max(d.Low, math.Round(v)))
	}
	return math.Min(d.High, math.Max(d.Low, Digits(v)))
}

// Digits rounds to three significant decimal digits.
func Digits(v float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 2, 64), 64)
	if err != nil {
		return v
	}
	return rounded
}

// place is the inverse of Value, for a value within the range.
func (d Dimension) place(v float64) float64 {
	u := (v - d.Low) / (d.High - d.Low)
	if d.Log {
		u = math.Log(v/d.Low) / math.Log(d.High/d.Low)
	}
	return math.Min(1, math.Max(0, u))
}

// nearEnd is the part of a range that is near its end.
const nearEnd = 1.0 / 20

// NearEnd returns −1 for a value in the lowest twentieth of the range, on its scale, or
// below it, 1 for one in the highest twentieth or above it, and 0 for the others.
func (d Dimension) NearEnd(v float64) int {
	switch u := d.place(v); {
	case u <= nearEnd:
		return -1
	case u >= 1-nearEnd:
		return 1
	}
	return 0
}

// A Space is what is searched.
type Space []Dimension

// Check refuses ranges that cannot be searched.
func (s Space) Check() error {
	for _, d := range s {
		if err := d.check(); err != nil {
			return err
		}
	}
	return nil
}

// A Trial is a point that was tried.
type Trial struct {
	Values []float64 // one a dimension
	// Score is what it is worth, the higher the better; −∞ for one that failed.
	Score float64
}
