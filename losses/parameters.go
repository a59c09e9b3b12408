package losses

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// A Parameter is a tagged field of a loss or of a miner: a float64, an int, or a string
// that is one of a few words. Decoding, validation, help and the generators of the tests
// all read the tags:
//
//	Alpha  float64 `yaml:"alpha" alias:"scale_pos" sym:"α" in:"(0,inf)" doc:"scale"`
//	Select string  `yaml:"select" sym:"select" in:"{all,hard}" doc:"which triplets"`
//
// yaml is the Name, of lower-case letters, digits and _, and makes a field a parameter;
// in is the Domain. Both are needed. alias lists the Aliases with commas between, sym is
// the Symbol, without it the Name, and doc is the Doc.
type Parameter struct {
	Name    string   // key in a spec
	Aliases []string // names known from other tools
	Symbol  string   // as in the formula
	Domain  Domain
	Doc     string
	Value   any // float64, int or string

	field int // of a struct
}

// A Domain is the set of a parameter's values: an interval with either end open or
// closed, or a few words.
type Domain struct {
	Low, High         float64
	LowOpen, HighOpen bool
	Words             []string // nil for numbers
}

// Contains reports whether the number v is in the interval.
func (d Domain) Contains(v float64) bool {
	return (v > d.Low || v == d.Low && !d.LowOpen) && (v < d.High || v == d.High && !d.HighOpen)
}

func (d Domain) String() string {
	if d.Words != nil {
		return strings.Join(d.Words, " | ")
	}

	open, end := "[", "]"
	if d.LowOpen {
		open = "("
	}
	if d.HighOpen {
		end = ")"
	}
	return open + Number(d.Low) + ", " + Number(d.High) + end
}

// Number writes v for readers, with the shortest digits, a true minus sign, and ∞.
func Number(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	}
	return strings.Replace(strconv.FormatFloat(v, 'g', -1, 64), "-", "−", 1)
}

// A Configurable value has parameters that are not its fields. A loss that is written as
// a formula is one.
type Configurable interface {
	Parameters() []Parameter
	// WithParameter returns a copy with the k-th parameter set to x. x has the type of
	// the parameter and is in its domain.
	WithParameter(k int, x any) any
}

// Parameters returns the parameters of a loss or a miner: its tagged fields, in their
// order. A field whose tags are malformed is left out; [Choice.Loss] has the error.
func Parameters(value any) []Parameter {
	if v, ok := value.(Configurable); ok {
		return v.Parameters()
	}

	var ps []Parameter
	v := reflect.ValueOf(value)
	if v.Kind() != reflect.Struct {
		return nil
	}
	for k := range v.NumField() {
		p, tagged, err := readTags(v.Type().Field(k))
		if !tagged || err != nil {
			continue
		}
		p.field, p.Value = k, v.Field(k).Interface()
		ps = append(ps, p)
	}
	return ps
}

// Text returns the value for readers.
func (p Parameter) Text() string {
	switch v := p.Value.(type) {
	case float64:
		return Number(v)
	case int:
		return Number(float64(v))
	}
	return fmt.Sprint(p.Value)
}

// With returns a copy of value with the named parameter set to x, a float64, an int or a
// string. The error says that there is no such parameter, or that x is not in its domain.
func With[T any](value T, name string, x any) (T, error) {
	for k, p := range Parameters(value) {
		if p.Name != name {
			continue
		}

		set, err := p.convert(x)
		if err != nil {
			return value, err
		}
		if v, ok := any(value).(Configurable); ok {
			return v.WithParameter(k, set).(T), nil
		}

		c := reflect.New(reflect.TypeOf(value)).Elem()
		c.Set(reflect.ValueOf(value))
		c.Field(p.field).Set(reflect.ValueOf(set))
		return c.Interface().(T), nil
	}
	return value, fmt.Errorf("no parameter %q", name)
}

// convert returns x with the type of the parameter, if x is in its domain.
func (p Parameter) convert(x any) (any, error) {
	if _, ok := p.Value.(string); ok {
		word, ok := x.(string)
		if !ok || !slices.Contains(p.Domain.Words, word) {
			return nil, fmt.Errorf("%s = %v must be one of %v", p.Name, x, p.Domain)
		}
		return word, nil
	}

	var v float64
	switch n := x.(type) {
	case float64:
		v = n
	case int:
		v = float64(n)
	default:
		return nil, fmt.Errorf("%s = %v must be a number in %v", p.Name, x, p.Domain)
	}

	if !p.Domain.Contains(v) {
		return nil, fmt.Errorf("%s = %v is outside %v", p.Name, x, p.Domain)
	}
	if _, ok := p.Value.(int); !ok {
		return v, nil
	}
	if v != math.Trunc(v) {
		return nil, fmt.Errorf("%s = %v must be a whole number", p.Name, x)
	}
	return int(v), nil
}
