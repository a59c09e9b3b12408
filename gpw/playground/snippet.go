package playground

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// mostText is the most bytes of a snippet, and of a link after it is unpacked.
const mostText = 1 << 20

// Snippet writes the state as YAML: each line is a key and a value, and each value is
// also JSON. The losses are rows as specs have them.
func (s State) Snippet() string {
	var b strings.Builder
	b.WriteString("# a state of gpw playground; paste it into the page to see it again\n")
	for _, line := range s.lines() {
		fmt.Fprintf(&b, "%s: %s\n", line.key, text(line.value))
	}
	return b.String()
}

// A line is a key of a snippet, and where its value is read to.
type line struct {
	key   string
	value any
}

// lines lists the fields of a state by their keys.
func (s *State) lines() []line {
	return []line{
		{"surface", &s.Surface}, {"losses", &s.Losses}, {"rate", &s.Rate}, {"steps", &s.Steps}, {"anchor", &s.Anchor},
		{"pooling", &s.Pooling}, {"labels", &s.Labels}, {"points", &s.Points},
	}
}

// ReadSnippet reads what Snippet writes. Keys that are left out have the values of a page
// that was just opened. The error names the line; that of a state that no page can show
// is of [Playground.Load].
func ReadSnippet(text string) (State, error) {
	var s State
	if len(text) > mostText {
		return s, fmt.Errorf("the snippet has %d bytes; at most %d are read", len(text), mostText)
	}

	fields := map[string]any{}
	var known []string
	for _, f := range s.lines() {
		fields[f.key] = f.value
		known = append(known, f.key)
	}
	read := map[string]bool{}
	for number, row := range strings.Split(text, "\n") {
		row = strings.TrimSpace(row)
		if row == "" || strings.HasPrefix(row, "#") {
			continue
		}

		key, value, _ := strings.Cut(row, ":")
		key = strings.TrimSpace(key)
		to, is := fields[key]
		switch {
		case !is:
			return s, fmt.Errorf("line %d: unknown key %q; known: %s", number+1, key, strings.Join(known, ", "))
		case read[key]:
			return s, fmt.Errorf("line %d: %s is there twice; remove one", number+1, key)
		}
		read[key] = true
		if err := readValue(value, to); err != nil {
			return s, fmt.Errorf("line %d: %s: %w; write the value on this line, as JSON", number+1, key, err)
		}
	}

	usual := initial()
	for _, f := range usual.lines() {
		if !read[f.key] {
			reflect.ValueOf(fields[f.key]).Elem().Set(reflect.ValueOf(f.value).Elem())
		}
	}
	return s, nil
}

// readValue reads one JSON value, and refuses keys that the page does not know.
func readValue(value string, to any) error {
	d := json.NewDecoder(strings.NewReader(value))
	d.DisallowUnknownFields()
	err := d.Decode(to)
	if errors.Is(err, io.EOF) {
		return errors.New("it has no value")
	}
	if err == nil && d.More() {
		return errors.New("it has two values")
	}
	return err
}

// Link writes the state as the fragment of an address, without its #.
func (s State) Link() string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression) // the level is one
	_, _ = io.WriteString(w, s.Snippet())              // memory takes all
	_ = w.Close()
	return base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// ReadLink reads what Link writes. Its errors are as those of [ReadSnippet].
func ReadLink(fragment string) (State, error) {
	packed, err := base64.RawURLEncoding.DecodeString(fragment)
	if err != nil {
		return State{}, errors.New("the link is damaged; copy it again, whole")
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), mostText+1))
	if err != nil {
		return State{}, errors.New("the link is damaged; copy it again, whole")
	}
	return ReadSnippet(string(text))
}
