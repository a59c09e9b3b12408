package datasets

import (
	"strings"
	"testing"
)

func TestMixedKinds(t *testing.T) {
	for _, one := range [][]string{nil, {"1", "2", "-3"}, {"a", "b"}, {""}} {
		if said := MixedKinds(one); said != "" {
			t.Errorf("%q: %s", one, said)
		}
	}
	for _, mixed := range [][]string{{"3", "bird"}, {"bird", "owl", "911"}, {"7", ""}} {
		if said := MixedKinds(mixed); !strings.Contains(said, "mixed kinds, such as the number \""+strings.Trim(strings.Join(mixed, ""), "abdilorw")) {
			t.Errorf("%q: %q", mixed, said)
		}
	}
}
