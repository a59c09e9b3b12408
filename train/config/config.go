package config

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gpwbench/losses"
)

// Keys returns the settings that hold for a block of this name, in their order, the name
// first: of an optimizer without momentum, not the momentum. block is a struct of this
// package, such as a [Head], and not a pointer. Other values have no settings.
func Keys(block any) []losses.Parameter {
	v := reflect.ValueOf(block)
	if v.Kind() != reflect.Struct {
		return nil
	}

	var keys []losses.Parameter
	for k, p := range losses.Parameters(block) {
		of := owners(v, k)
		if of == nil || slices.Contains(of, name(v)) {
			keys = append(keys, p)
		}
	}
	return keys
}

// owners returns the names of the block to which field k applies, or nil for all names.
func owners(block reflect.Value, k int) []string {
	of := block.Type().Field(k).Tag.Get("of")
	if of == "" {
		return nil
	}
	return strings.Split(of, ",")
}

// Misplaced says which names of the block the setting with that key belongs to, such as
// `hidden belongs to residual, not to "linear"`. It is "" if the setting applies to the
// name of the block, and if there is none with that key.
func Misplaced(block any, key string) string {
	v := reflect.ValueOf(block)
	if v.Kind() != reflect.Struct {
		return ""
	}
	for k, p := range losses.Parameters(block) {
		of := owners(v, k)
		if p.Name == key && of != nil && !slices.Contains(of, name(v)) {
			return fmt.Sprintf("%s belongs to %s, not to %q", key, alternatives(of), name(v))
		}
	}
	return ""
}

// MayBeZero reports whether 0 stands for a default of the setting with that key, which is
// then filled in from the data or from other settings.
func MayBeZero(block any, key string) bool {
	v := reflect.ValueOf(block)
	if v.Kind() != reflect.Struct {
		return false
	}
	for k := range v.NumField() {
		tag := v.Type().Field(k).Tag
		if tag.Get("yaml") == key {
			return tag.Get("zero") == "default"
		}
	}
	return false
}

// Name returns the name of a block, or "" for a block without one.
func Name(block any) string { return name(reflect.ValueOf(block)) }

func name(block reflect.Value) string {
	if block.Kind() != reflect.Struct {
		return ""
	}
	field := block.FieldByName("Name")
	if !field.IsValid() {
		return ""
	}
	return field.String()
}

// Names returns the names that a block can have, in the order of its tag. It is nil for
// blocks that have none, such as [Proxies].
func Names(block any) []string {
	for _, p := range losses.Parameters(block) {
		if p.Name == "name" {
			return p.Domain.Words
		}
	}
	return nil
}

// Check returns an error for an unknown name, a setting outside its domain, or a setting
// that does not apply to the name. A number that is 0 is not given, and not checked; see
// [Require]. The error calls the block what, such as "optimizer".
func Check(what string, block any) error { return Require(what, block) }

// Require is [Check] for a block in which the settings with these keys must be given, as
// far as they apply to its name. What is no block is an error.
func Require(what string, block any, keys ...string) error {
	v := reflect.ValueOf(block)
	if v.Kind() != reflect.Struct {
		return fmt.Errorf("%s is a %T, and no block of settings", what, block)
	}
	for k, p := range losses.Parameters(block) {
		of := owners(v, k)
		holds := of == nil || slices.Contains(of, name(v))
		given := !v.Field(k).IsZero()

		if !holds && given {
			return fmt.Errorf("%s.%s is %v, but %s: leave it out", what, p.Name, p.Value, Misplaced(block, p.Name))
		}
		if !holds {
			continue
		}
		if err := checkValue(what, p, given || slices.Contains(keys, p.Name)); err != nil {
			return err
		}
	}

	return nil
}

// checkValue checks a setting against its domain, and a number 0 only if it is required.
func checkValue(what string, p losses.Parameter, asked bool) error {
	word, isWord := p.Value.(string)
	switch {
	case isWord && !slices.Contains(p.Domain.Words, word):
		key := what + "." + p.Name
		if p.Name == "name" {
			key = what
		}
		return fmt.Errorf("unknown %s %q: use %s", key, word, alternatives(p.Domain.Words))
	case !isWord && asked && !p.Domain.Contains(number(p.Value)):
		return fmt.Errorf("%s.%s is %v: it must be %s", what, p.Name, p.Value, bounds(p.Domain))
	}

	return nil
}

// bounds describes a domain in words: "above 0", "from 1 to 10".
func bounds(d losses.Domain) string {
	low := strconv.FormatFloat(d.Low, 'f', -1, 64)
	switch {
	case math.IsInf(d.High, 1) && d.LowOpen:
		return "above " + low
	case math.IsInf(d.High, 1):
		return low + " or more"
	case !d.LowOpen && !d.HighOpen:
		return "from " + low + " to " + strconv.FormatFloat(d.High, 'f', -1, 64)
	}
	return "in " + d.String()
}

// alternatives writes words as "a, b or c".
func alternatives(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

func number(v any) float64 {
	if n, ok := v.(int); ok {
		return float64(n)
	}
	return v.(float64)
}
