package spec

import (
	"fmt"
	"reflect"
)

// deepest is how many lists and mappings a value of a sweep may be in one another. Blocks
// of settings are two deep.
const deepest = 8

// checkSweepValues refuses values of a built sweep that YAML has no form for: other than
// words, numbers, true and false, and lists and mappings of them. More variants than may
// be are refused from the counts.
func (s *Spec) checkSweepValues() error {
	wrong := new(SpecError)
	variants := 1
	for _, key := range s.Sweep {
		if variants *= max(1, len(key.Values)); variants > mostVariants {
			wrong.Problems = []string{inSpec(s.Name, "sweep") + ": " + fmt.Sprintf(tooManyVariants, mostVariants)}
			return wrong
		}
	}

	for _, key := range s.Sweep {
		for _, v := range key.Values {
			if why := unwritable(reflect.ValueOf(v), 0); why != "" {
				wrong.Problems = append(wrong.Problems, fmt.Sprintf("%s: a value is %s; give words, numbers, true or false, or lists and mappings of them",
					inSpec(s.Name, "sweep."+key.Path), why))
				break
			}
		}
	}
	if len(wrong.Problems) > 0 {
		return wrong
	}
	return nil
}

// unwritable says what of a value has no form in YAML, or "".
func unwritable(v reflect.Value, depth int) string {
	if depth > deepest {
		return fmt.Sprintf("more than %d lists or mappings deep", deepest)
	}
	switch v.Kind() {
	case reflect.Invalid, reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return ""
	case reflect.Interface:
		return unwritable(v.Elem(), depth)
	case reflect.Slice, reflect.Array:
		for k := range v.Len() {
			if why := unwritable(v.Index(k), depth+1); why != "" {
				return why
			}
		}
		return ""
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if why := unwritable(key, depth+1); why != "" {
				return why
			}
			if why := unwritable(v.MapIndex(key), depth+1); why != "" {
				return why
			}
		}
		return ""
	}
	return fmt.Sprintf("a %v", v.Type())
}
