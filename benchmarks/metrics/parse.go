package metrics

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Parse reads the name of a metric, such as mrr or ndcg@10, or of a [Family], which
// stands for its metrics. A metric of K that is asked without one is asked for each of
// ks, or for its own default if ks is empty. Names may be in capitals. An unknown name is
// refused with the nearest one.
func Parse(name string, ks []int) ([]Asked, error) {
	text := strings.ToLower(strings.TrimSpace(name))
	if slices.Contains(Families, Family(text)) {
		return ofFamily(Family(text), ks), nil
	}

	base, parameter, has := strings.Cut(text, "@")
	var named []*Metric
	for _, m := range All {
		if m.called(text) && m.Parameter == NoParameter { // an alias may contain an @
			return []Asked{{Metric: m}}, nil
		}
		if m.called(base) {
			named = append(named, m)
		}
	}
	if len(named) == 0 {
		return nil, fmt.Errorf("metrics: unknown metric %q%s", name, nearest(base))
	}

	for _, m := range named {
		switch {
		case m.Parameter != NoParameter && has:
			a, err := m.with(parameter)
			if err != nil {
				return nil, fmt.Errorf("metrics: %s: %w", name, err)
			}
			return []Asked{a}, nil
		case m.Parameter != NoParameter && m.Default > 0:
			return m.byDefault(ks), nil
		}
	}

	m := named[0]
	if has {
		return nil, fmt.Errorf("metrics: %s: %s has no parameter; leave out @%s", name, m.Name, parameter)
	}
	return nil, fmt.Errorf("metrics: %s: it needs its parameter, %s", name, m.Pattern())
}

// ParseAll reads names, each of which may be several with commas between. A metric that
// is named twice is asked once. For ks see [Parse].
func ParseAll(names []string, ks []int) ([]Asked, error) {
	var asked []Asked
	seen := map[string]bool{}
	for _, list := range names {
		for name := range strings.SplitSeq(list, ",") {
			some, err := Parse(name, ks)
			if err != nil {
				return nil, err
			}
			for _, a := range some {
				if !seen[a.Key()] {
					seen[a.Key()] = true
					asked = append(asked, a)
				}
			}
		}
	}
	return asked, nil
}

// Find returns the metric of a key, as [Asked.Key] writes it: the full name with its
// parameter, and no alias.
func Find(key string) (Asked, bool) {
	base, parameter, has := strings.Cut(key, "@")
	for _, m := range All {
		if m.Name != base || has != (m.Parameter != NoParameter) {
			continue
		}
		a, err := Asked{Metric: m}, error(nil)
		if has {
			a, err = m.with(parameter)
		}
		if err == nil && a.Key() == key {
			return a, true
		}
	}
	return Asked{}, false
}

func ofFamily(f Family, ks []int) []Asked {
	var asked []Asked
	for _, m := range All {
		if m.Family == f && (m.Parameter == NoParameter || m.Default > 0) {
			asked = append(asked, m.byDefault(ks)...)
		}
	}
	return asked
}

func (m *Metric) called(name string) bool {
	return name == m.Name || slices.Contains(m.Aliases, name)
}

// byDefault is the metric without its parameter.
func (m *Metric) byDefault(ks []int) []Asked {
	switch {
	case m.Parameter == K && len(ks) > 0:
		var asked []Asked
		for _, k := range ks {
			asked = append(asked, Asked{m, Parameters{K: k}})
		}
		return asked
	case m.Parameter == K:
		return []Asked{{m, Parameters{K: int(m.Default)}}}
	case m.Parameter == Rate:
		return []Asked{{m, Parameters{Rate: m.Default}}}
	}
	return []Asked{{Metric: m}}
}

// with reads a parameter.
func (m *Metric) with(text string) (Asked, error) {
	a := Asked{Metric: m}
	switch m.Parameter {
	case K:
		k, err := strconv.Atoi(text)
		if err != nil || k < 1 || k > 1<<31-1 {
			return a, fmt.Errorf("%q is no number of ranks; K is a whole number, 1 at least", text)
		}
		a.K = k
	case Rate:
		rate, err := strconv.ParseFloat(strings.TrimPrefix(text, m.RateOf+"="), 64)
		if err != nil || !(rate > 0 && rate < 1) {
			return a, fmt.Errorf("%q is no rate; it is between 0 and 1, such as %s=0.001", text, m.RateOf)
		}
		a.Rate = rate
	}
	return a, nil
}

// Pattern is the name with the kind of its parameter, such as ndcg@K.
func (m *Metric) Pattern() string {
	switch m.Parameter {
	case K:
		return m.Name + "@K"
	case Rate:
		return m.Name + "@" + m.RateOf + "=RATE"
	}
	return m.Name
}

// nearest says which names are closest to one that is unknown.
func nearest(name string) string {
	best, distance := "", 1+len(name)/2
	for _, m := range All {
		for _, known := range append([]string{m.Name}, m.Aliases...) {
			if d := Edits(name, known); d < distance && len(known) > 1 { // any letter is near one letter
				best, distance = m.Pattern(), d
			}
		}
	}
	for _, f := range Families {
		if d := Edits(name, string(f)); d < distance {
			best, distance = string(f), d
		}
	}
	if best == "" {
		return "; there are " + strings.Join(Patterns(), ", ")
	}
	return fmt.Sprintf("; did you mean %s?", best)
}

// Patterns are the names of all metrics with the kinds of their parameters.
func Patterns() []string {
	var names []string
	for _, m := range All {
		names = append(names, m.Pattern())
	}
	return names
}

// Edits is the Levenshtein distance of two names.
func Edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
