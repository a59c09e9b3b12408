package losses

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	for _, name := range []string{"multi_similarity", "multi_similarity.official"} {
		c, err := Choose(Catalogue, name)
		if err != nil || c.Name() != "multi_similarity.official" || c.Value != (MultiSimilarity{2, 40, 0.5}) || c.Miner != (MultiSimilarityMiner{0.1}) {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
		if got, want := c.Caption(), "α 2, β 40, λ 0.5, MS mining ε 0.1"; got != want {
			t.Errorf("caption %q, want %q", got, want)
		}
	}
	var unknown *UnknownError
	if _, err := Choose(Catalogue, "multisimilarity"); !errors.As(err, &unknown) || !slices.Contains(unknown.Known, "multi_similarity") {
		t.Errorf("an unknown loss: %v", err)
	}
	if _, err := Choose(Catalogue, "nca.lgo"); !errors.As(err, &unknown) || !slices.Contains(unknown.Known, "log") || !strings.Contains(err.Error(), `unknown preset of nca "lgo"`) {
		t.Errorf("an unknown preset: %v", err)
	}
}

// A name that two losses of a catalogue have is refused, wherever they are in it.
func TestChooseDoubledName(t *testing.T) {
	catalogue := append(slices.Clip(Catalogue), Spec{Name: "nca", Title: "Another NCA", Presets: []Preset{{Name: "mine", Value: NCA{Scale: 2}}}})
	for _, name := range []string{"nca", "nca.log", "nca.mine"} {
		_, err := Choose(catalogue, name)
		if want := `two losses of the catalogue are named "nca" (NCA and Another NCA); give one of them another name`; err == nil || err.Error() != want {
			t.Errorf("%s: the error %v, want %q", name, err, want)
		}
	}
	if _, err := Choose(catalogue, "triplet"); err != nil {
		t.Errorf("another loss of that catalogue: %v", err)
	}
}

func TestMinerAroundABatchLoss(t *testing.T) {
	c, err := Choose(Catalogue, "histogram")
	if err != nil {
		t.Fatal(err)
	}
	c.Miner = MultiSimilarityMiner{0.1}
	if _, err := c.Loss(); err == nil || !strings.Contains(err.Error(), "write miner: none") {
		t.Errorf("%v, want an error that says what to write", err)
	}
}

// TestWith does not test domains of the catalogue's parameters, which the contract
// does, but the reading of values.
func TestWith(t *testing.T) {
	type tagged struct {
		X    float64 `yaml:"x" sym:"x" in:"[-1,2)" doc:"a number"`
		N    int     `yaml:"n" alias:"count,k" sym:"n" in:"[1,9]" doc:"a count"`
		Word string  `yaml:"word" sym:"w" in:"{all,hard}" doc:"a word"`
	}
	start := tagged{X: 0.5, N: 3, Word: "all"}
	for _, c := range []struct {
		name string
		x    any
		want tagged
		err  string
	}{
		{"x", -1.0, tagged{-1, 3, "all"}, ""},
		{"x", 1, tagged{1, 3, "all"}, ""},
		{"x", 2.0, start, "x = 2 is outside [−1, 2)"},
		{"x", math.NaN(), start, "x = NaN is outside [−1, 2)"},
		{"x", "1", start, "x = 1 must be a number in [−1, 2)"},
		{"n", 4.0, tagged{0.5, 4, "all"}, ""},
		{"n", 4, tagged{0.5, 4, "all"}, ""},
		{"n", 4.5, start, "n = 4.5 must be a whole number"},
		{"n", 10, start, "n = 10 is outside [1, 9]"},
		{"word", "hard", tagged{0.5, 3, "hard"}, ""},
		{"word", "easy", start, "word = easy must be one of all | hard"},
		{"word", 1, start, "word = 1 must be one of all | hard"},
		{"y", 1, start, `no parameter "y"`},
	} {
		got, err := With(start, c.name, c.x)
		if got != c.want || (err == nil) != (c.err == "") || err != nil && err.Error() != c.err {
			t.Errorf("%s = %v: %+v, %v; want %+v, %q", c.name, c.x, got, err, c.want, c.err)
		}
	}
	ps := Parameters(start)
	if len(ps) != 3 || !slices.Equal(ps[1].Aliases, []string{"count", "k"}) || ps[1].Value != 3 || ps[0].Symbol != "x" || ps[2].Text() != "all" {
		t.Errorf("%+v", ps)
	}
	if got := ps[0].Domain.String() + " " + ps[1].Domain.String() + " " + ps[2].Domain.String(); got != "[−1, 2) [1, 9] all | hard" {
		t.Errorf("domains are written %q", got)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", -0.5: "−0.5", 40: "40", 1e-12: "1e−12", math.Inf(1): "∞", math.Inf(-1): "−∞"} {
		if got := Number(v); got != want {
			t.Errorf("%v is written %q, want %q", v, got, want)
		}
	}
}

func TestMalformedDomain(t *testing.T) {
	for _, s := range []string{"", "0,1", "(0,1", "0,1]", "(a,b)", "[1]", "[1,1]", "{", "{a,}", "{a"} {
		if d, err := parseDomain(s); err == nil {
			t.Errorf("the domain %q is taken for %v", s, d)
		}
	}
}
