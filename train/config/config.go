package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"gpwbench/losses"
)

// Keys returns the settings that hold for a block of this name, in their order, the name
// first: of an optimizer without momentum, not the momentum. block is a Head, a Sampler, an
// Optimizer, a Memory or a Proxies.
func Keys(block any) []losses.Parameter {
	v := reflect.ValueOf(block)
	var keys []losses.Parameter
	for k, p := range losses.Parameters(block) {
		of := v.Type().Field(k).Tag.Get("of")
		if of == "" || slices.Contains(strings.Split(of, ","), name(v)) {
			keys = append(keys, p)
		}
	}
	return keys
}

// Name is the name that a block gives itself, "" for one that has none.
func Name(block any) string { return name(reflect.ValueOf(block)) }

func name(block reflect.Value) string {
	field := block.FieldByName("Name")
	if !field.IsValid() {
		return ""
	}
	return field.String()
}

// Check says what is wrong with a block: an unknown name, a setting outside its domain, or
// one that is set and does not hold for the name. what names the block in the error.
func Check(what string, block any) error {
	known := Keys(block)
	for _, p := range losses.Parameters(block) {
		zero := reflect.ValueOf(p.Value).IsZero()
		holds := slices.ContainsFunc(known, func(k losses.Parameter) bool { return k.Name == p.Name })
		switch word, isWord := p.Value.(string); {
		case !holds && !zero:
			return fmt.Errorf("%s.%s is %v, and %s %s has no %s: leave it out", what, p.Name, p.Value, what, name(reflect.ValueOf(block)), p.Name)
		case !holds || zero && !isWord: // 0 stands for what is not given
			continue
		case isWord && !slices.Contains(p.Domain.Words, word):
			return fmt.Errorf("unknown %s.%s %q: use %s", what, p.Name, word, strings.Join(p.Domain.Words, ", "))
		case !isWord && !p.Domain.Contains(number(p.Value)):
			return fmt.Errorf("%s.%s is %v: it must be in %v", what, p.Name, p.Value, p.Domain)
		}
	}
	return nil
}

func number(v any) float64 {
	if n, ok := v.(int); ok {
		return float64(n)
	}
	return v.(float64)
}

// encode writes a block as a JSON object of its keys, whatever its name: the form that
// enters the id of a run.
func encode(block any) ([]byte, error) {
	all := map[string]any{}
	for _, p := range losses.Parameters(block) {
		all[p.Name] = p.Value
	}
	return json.Marshal(all)
}

// decode reads what encode wrote into a pointer to a block. Other keys, of another program,
// are passed over.
func decode(data []byte, block any) error {
	var all map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&all); err != nil {
		return err
	}
	v := reflect.ValueOf(block).Elem()
	for k, p := range losses.Parameters(v.Interface()) {
		x, ok := all[p.Name]
		if !ok {
			continue
		}
		field, got := v.Field(k), reflect.ValueOf(x)
		if f, ok := x.(float64); ok && field.Kind() == reflect.Int && f != math.Trunc(f) {
			return fmt.Errorf("%s is %v, want a whole number", p.Name, x)
		}
		if !got.IsValid() || !got.CanConvert(field.Type()) || got.Kind() == reflect.String != (field.Kind() == reflect.String) {
			return fmt.Errorf("%s is %v", p.Name, x)
		}
		field.Set(got.Convert(field.Type()))
	}
	return nil
}
