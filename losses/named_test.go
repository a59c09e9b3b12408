package losses

import (
	"regexp"
	"slices"
	"testing"
)

// TestHeld: a loss says what its G holds constant if and only if it is detached, for a
// user cannot see it from the value.
func TestHeld(t *testing.T) {
	for _, s := range slices.Concat(Catalogue, ProxyLosses) {
		detached := s.Traits&Detached != 0
		for _, p := range s.Presets {
			detached = detached || p.Traits&Detached != 0
		}
		if detached != (s.Held != "") {
			t.Errorf("%s: detached %v, and holds %q", s.Name, detached, s.Held)
		}
	}
}

// TestNamedAfterCode: a preset that has the name of a code, or whose source names one,
// says which version of it. The codes that a paper's preset is compared with have their
// version in the sentence.
func TestNamedAfterCode(t *testing.T) {
	named := regexp.MustCompile(`^(pml|official|tensorflow|deep_metric)(_|$)`)
	source := regexp.MustCompile(`pytorch-metric-learning|TensorFlow|the authors' (earlier )?code`)
	version := regexp.MustCompile(`\d+\.\d+|\bat [0-9a-f]{7}\b`)
	library := regexp.MustCompile(`pytorch-metric-learning( \d)?`)
	for _, s := range slices.Concat(Catalogue, ProxyLosses) {
		for _, p := range s.Presets {
			// What is a paper's first, with values or a form of some code, has no
			// version to say.
			after := named.MatchString(p.Name) || source.MatchString(p.Source) && !regexp.MustCompile(`\b(19|20)\d\d\b`).MatchString(p.Source)
			if after && p.Code == "" {
				t.Errorf("%s.%s is named after code (%q) and does not say which", s.Name, p.Name, p.Source)
			}
			if p.Code != "" && !version.MatchString(p.Code) {
				t.Errorf("%s.%s: %q has no version", s.Name, p.Name, p.Code)
			}
			if m := library.FindStringSubmatch(p.Departs); m != nil && m[1] == "" {
				t.Errorf("%s.%s: %q names the library without its version", s.Name, p.Name, p.Departs)
			}
		}
	}
}
