package losses

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var parameterName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// readTags reads the tags of a field, and reports whether it is a parameter. The error
// says what is malformed.
func readTags(f reflect.StructField) (p Parameter, tagged bool, err error) {
	name := f.Tag.Get("yaml")
	if name == "" {
		return p, false, nil
	}
	p = Parameter{Name: name, Symbol: f.Tag.Get("sym"), Doc: f.Tag.Get("doc")}
	if p.Symbol == "" {
		p.Symbol = name
	}
	if a := f.Tag.Get("alias"); a != "" {
		p.Aliases = strings.Split(a, ",")
	}

	isWord := f.Type == reflect.TypeFor[string]()
	switch {
	case !f.IsExported():
		return p, true, errors.New("has tags and is not exported; begin its name with a capital")
	case !parameterName.MatchString(name):
		return p, true, fmt.Errorf("has the tag yaml:%q, which must be a name of lower-case letters, digits and _", name)
	case !isWord && f.Type != reflect.TypeFor[float64]() && f.Type != reflect.TypeFor[int]():
		return p, true, fmt.Errorf("is a %v; a parameter is a float64, an int or a string", f.Type)
	}

	in, has := f.Tag.Lookup("in")
	if !has {
		return p, true, errors.New("has no tag in, its domain, such as in:\"(0,inf)\"")
	}
	if p.Domain, err = parseDomain(in); err != nil {
		return p, true, err
	}
	if isWord != (p.Domain.Words != nil) {
		return p, true, fmt.Errorf("is a %v, which the domain in:%q is not for; numbers have intervals and strings have words", f.Type, in)
	}
	return p, true, nil
}

// checkTags refuses a loss or a miner of which a parameter could not be read.
func checkTags(value any) error {
	if _, ok := value.(Configurable); ok || value == nil {
		return nil
	}
	t := reflect.TypeOf(value)
	pointer := t.Kind() == reflect.Pointer
	if pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}

	var names []string
	for k := range t.NumField() {
		f := t.Field(k)
		p, tagged, err := readTags(f)
		switch {
		case !tagged:
			continue
		case pointer:
			return fmt.Errorf("losses: %T is a pointer, whose parameters are not read; give the %v itself, with methods of the value", value, t)
		case err != nil:
			return fmt.Errorf("losses: the field %s of %v %w", f.Name, t, err)
		}

		for _, name := range append([]string{p.Name}, p.Aliases...) {
			if slices.Contains(names, name) {
				return fmt.Errorf("losses: the field %s of %v has the name %s of another one; rename one of them in its tags", f.Name, t, name)
			}
			names = append(names, name)
		}
	}
	return nil
}

// parseDomain reads a domain tag, such as "(0,inf)" or "{all,hard}".
func parseDomain(s string) (Domain, error) {
	wrong := fmt.Errorf("has the domain %q, which is neither an interval such as (0,inf) or [-1,1] nor words such as {all,hard}", s)
	if words, ok := strings.CutPrefix(s, "{"); ok {
		words, closed := strings.CutSuffix(words, "}")
		d := Domain{Words: strings.Split(words, ",")}
		if !closed || slices.Contains(d.Words, "") {
			return d, wrong
		}
		return d, nil
	}

	d := Domain{LowOpen: strings.HasPrefix(s, "("), HighOpen: strings.HasSuffix(s, ")")}
	low, high, ok := strings.Cut(strings.TrimRight(strings.TrimLeft(s, "(["), ")]"), ",")
	var errLow, errHigh error
	d.Low, errLow = strconv.ParseFloat(low, 64)
	d.High, errHigh = strconv.ParseFloat(high, 64)

	bracketed := strings.HasPrefix(s, "[") != d.LowOpen && strings.HasSuffix(s, "]") != d.HighOpen
	if !ok || !bracketed || errLow != nil || errHigh != nil || !(d.Low < d.High) {
		return d, wrong
	}
	return d, nil
}
