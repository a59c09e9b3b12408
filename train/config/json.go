package config

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"

	"gpwbench/losses"
)

// encode writes a block as a JSON object of all its keys, including those that do not
// apply to its name, except those whose tag leaves out zeros. This form enters the id of
// a run.
func encode(block any) ([]byte, error) {
	all := map[string]any{}
	v := reflect.ValueOf(block)
	for k, p := range losses.Parameters(block) {
		omits := v.Type().Field(k).Tag.Get("json") == ",omitempty"
		if !omits || !v.Field(k).IsZero() {
			all[p.Name] = p.Value
		}
	}
	return json.Marshal(all)
}

// decode reads what encode wrote into a pointer to a block. Missing keys leave their
// settings unchanged, and keys of other programs are ignored.
func decode(data []byte, block any) error {
	var all map[string]any
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}

	v := reflect.ValueOf(block).Elem()
	for k, p := range losses.Parameters(v.Interface()) {
		x, ok := all[p.Name]
		if !ok {
			continue
		}
		if err := set(v.Field(k), p.Name, x); err != nil {
			return err
		}
	}

	return nil
}

// exactIntegers is 2⁵³. A float64 represents every integer up to it.
const exactIntegers = 1 << 53

// set writes a decoded value into a field of a block.
func set(field reflect.Value, key string, x any) error {
	switch field.Kind() {
	case reflect.String:
		word, ok := x.(string)
		if !ok {
			return fmt.Errorf("%s is %v, want a word", key, x)
		}
		field.SetString(word)
	case reflect.Int:
		f, ok := x.(float64)
		if !ok || f != math.Trunc(f) || math.Abs(f) > exactIntegers {
			return fmt.Errorf("%s is %v, want a whole number", key, x)
		}
		field.SetInt(int64(f))
	default:
		f, ok := x.(float64)
		if !ok {
			return fmt.Errorf("%s is %v, want a number", key, x)
		}
		field.SetFloat(f)
	}
	return nil
}
