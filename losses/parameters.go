package losses

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// A Parameter is a tagged field of a loss or of a miner. The tags are the single source for decoding, validation, help and the
// generators of the tests:
//
//	Alpha float64 `yaml:"alpha" alias:"scale_pos" sym:"α" in:"(0,inf)" doc:"scale of the positives"`
type Parameter struct {
	Name    string   // key in a spec
	Aliases []string // names known from other tools
	Symbol  string   // as in the formula
	Domain  Interval
	Doc     string
	Value   float64
	Integer bool
}

// An Interval is a domain of a parameter, with either end open or closed.
type Interval struct {
	Low, High         float64
	LowOpen, HighOpen bool
}

// Contains reports whether v is in the interval.
func (i Interval) Contains(v float64) bool {
	return (v > i.Low || v == i.Low && !i.LowOpen) && (v < i.High || v == i.High && !i.HighOpen)
}

func (i Interval) String() string {
	open, end := "[", "]"
	if i.LowOpen {
		open = "("
	}
	if i.HighOpen {
		end = ")"
	}
	return open + bound(i.Low) + ", " + bound(i.High) + end
}

func bound(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "−∞"
	}
	return strings.Replace(strconv.FormatFloat(v, 'g', -1, 64), "-", "−", 1)
}

// Parameters returns the parameters of a loss or a miner, in the order of its fields.
func Parameters(value any) []Parameter {
	var ps []Parameter
	v := reflect.ValueOf(value)
	for k := range v.NumField() {
		tag := v.Type().Field(k).Tag
		p := Parameter{Name: tag.Get("yaml"), Symbol: tag.Get("sym"), Domain: parseInterval(tag.Get("in")), Doc: tag.Get("doc")}
		if a := tag.Get("alias"); a != "" {
			p.Aliases = strings.Split(a, ",")
		}
		if f := v.Field(k); f.CanInt() {
			p.Integer, p.Value = true, float64(f.Int())
		} else {
			p.Value = f.Float()
		}
		ps = append(ps, p)
	}
	return ps
}

// With returns a copy of value with the named parameter set. The value must lie in the parameter's domain.
func With[T any](value T, name string, x float64) (T, error) {
	for k, p := range Parameters(value) {
		if p.Name != name {
			continue
		}
		if !p.Domain.Contains(x) {
			return value, fmt.Errorf("%s = %v is outside %v", name, x, p.Domain)
		}
		if p.Integer && x != math.Trunc(x) {
			return value, fmt.Errorf("%s = %v must be a whole number", name, x)
		}
		c := reflect.New(reflect.TypeOf(value)).Elem()
		c.Set(reflect.ValueOf(value))
		if p.Integer {
			c.Field(k).SetInt(int64(x))
		} else {
			c.Field(k).SetFloat(x)
		}
		return c.Interface().(T), nil
	}
	return value, fmt.Errorf("no parameter %q", name)
}

// parseInterval reads a domain tag, such as "(0,inf)". A tag that does not parse is a bug of the loss.
func parseInterval(s string) Interval {
	i := Interval{LowOpen: strings.HasPrefix(s, "("), HighOpen: strings.HasSuffix(s, ")")}
	low, high, ok := strings.Cut(strings.Trim(s, "()[]"), ",")
	var errLow, errHigh error
	i.Low, errLow = strconv.ParseFloat(low, 64)
	i.High, errHigh = strconv.ParseFloat(high, 64)
	if !ok || errLow != nil || errHigh != nil {
		panic(fmt.Sprintf("losses: the domain %q is not an interval such as (0,inf) or [-1,1]", s))
	}
	return i
}
