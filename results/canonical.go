package results

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// Canonical returns v as JSON in the form that its ID is computed from. Object keys are
// sorted by their bytes. There is no white space and no HTML escaping. Integers are
// unchanged, and every other number is the shortest decimal that reads back as the same
// float64. So equal settings have equal bytes, in whatever spelling a file has them
// (1e-4, 0.0001, 1.0E-4). A canonical form is its own canonical form.
//
// NaN and the infinities, which JSON cannot represent, are errors.
func Canonical(v any) ([]byte, error) {
	text, err := canonical(v)
	if err != nil {
		return nil, fmt.Errorf("results: canonical form: %w", err)
	}
	return text, nil
}

func canonical(v any) ([]byte, error) {
	text, err := marshal(v)
	if err != nil {
		return nil, err
	}

	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}

	var out bytes.Buffer
	if err := writeCanonical(&out, tree); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// ID returns the id of a run: the SHA-256 of its canonical settings, in hex.
func ID(canonical []byte) string {
	sum := sha256.Sum256(canonical)
	return hex.EncodeToString(sum[:])
}

func writeCanonical(out *bytes.Buffer, v any) error {
	switch v := v.(type) {
	case map[string]any:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		out.WriteByte('{')
		for i, k := range keys {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := writeCanonical(out, k); err != nil {
				return err
			}
			out.WriteByte(':')
			if err := writeCanonical(out, v[k]); err != nil {
				return err
			}
		}
		out.WriteByte('}')

	case []any:
		out.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				out.WriteByte(',')
			}
			if err := writeCanonical(out, e); err != nil {
				return err
			}
		}
		out.WriteByte(']')

	case json.Number:
		n, err := canonicalNumber(v)
		if err != nil {
			return err
		}
		out.WriteString(n)

	default:
		text, err := marshal(v)
		if err != nil {
			return err
		}
		out.Write(text)
	}
	return nil
}

// canonicalNumber keeps all digits of 64-bit integers, because a seed may exceed the 2^53
// that a float64 represents.
func canonicalNumber(n json.Number) (string, error) {
	if i, err := strconv.ParseInt(n.String(), 10, 64); err == nil {
		return strconv.FormatInt(i, 10), nil
	}
	if u, err := strconv.ParseUint(n.String(), 10, 64); err == nil {
		return strconv.FormatUint(u, 10), nil
	}

	f, err := n.Float64()
	if err != nil {
		return "", fmt.Errorf("number %s is beyond a float64", n)
	}
	if f == 0 {
		return "0", nil // -0.0 and 0 are the same setting
	}

	text, err := marshal(f)
	return string(text), err
}

// marshal is json.Marshal without the escaping of <, > and &, and without a final
// newline.
func marshal(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
