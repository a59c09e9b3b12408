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
// order. It panics if a tag is malformed, which is a mistake in the type.
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
		tag := v.Type().Field(k).Tag
		if tag.Get("yaml") == "" {
			continue
		}

		p := Parameter{
			field:  k,
			Name:   tag.Get("yaml"),
			Symbol: tag.Get("sym"),
			Domain: parseDomain(tag.Get("in")),
			Doc:    tag.Get("doc"),
			Value:  v.Field(k).Interface(),
		}
		if a := tag.Get("alias"); a != "" {
			p.Aliases = strings.Split(a, ",")
		}
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

// parseDomain reads a domain tag, such as "(0,inf)" or "{all,hard}". It panics if the tag
// does not parse, which is a bug of the loss.
func parseDomain(s string) Domain {
	if words, ok := strings.CutPrefix(s, "{"); ok {
		return Domain{Words: strings.Split(strings.TrimSuffix(words, "}"), ",")}
	}

	d := Domain{LowOpen: strings.HasPrefix(s, "("), HighOpen: strings.HasSuffix(s, ")")}
	low, high, ok := strings.Cut(strings.TrimRight(strings.TrimLeft(s, "(["), ")]"), ",")
	var errLow, errHigh error
	d.Low, errLow = strconv.ParseFloat(low, 64)
	d.High, errHigh = strconv.ParseFloat(high, 64)

	bracketed := strings.HasPrefix(s, "[") != d.LowOpen && strings.HasSuffix(s, "]") != d.HighOpen
	if !ok || !bracketed || errLow != nil || errHigh != nil {
		panic(fmt.Sprintf("losses: the domain %q is neither an interval such as (0,inf) or [-1,1] nor words such as {all,hard}", s))
	}
	return d
}
