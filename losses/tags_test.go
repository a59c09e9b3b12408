package losses

import (
	"strings"
	"testing"
)

// silent is a loss that does nothing, for types that have tags.
type silent struct{}

func (silent) EvalAnchor(*Anchor) (sum, terms float64) { return 0, 1 }

type tagged struct {
	silent
	Margin float64 `yaml:"margin" in:"(0,inf)" alias:"m,delta"`
	Select string  `yaml:"select" sym:"x" in:"{all,hard}"`
	Count  int     `yaml:"count" in:"[1,inf)"`
	Free   []int   // without tags
}

// What a tag gets wrong is an error of the choice, and no panic of what lists parameters.
func TestMalformedTags(t *testing.T) {
	choose := func(value any) Choice {
		return Choice{Spec: &Spec{Name: "own", Title: "Own"}, Preset: "p", Value: value}
	}
	if _, err := choose(tagged{Margin: 1, Select: "all"}).Loss(); err != nil {
		t.Error(err)
	}

	for want, value := range map[string]any{
		"M of struct { losses.silent; M float64 \"yaml:\\\"m\\\"\" } has no tag in": struct {
			silent
			M float64 `yaml:"m"`
		}{},
		"neither an interval": struct {
			silent
			M float64 `yaml:"m" in:"nonsense"`
		}{},
		`has the domain "(2,1)"`: struct {
			silent
			M float64 `yaml:"m" in:"(2,1)"`
		}{},
		`has the domain "{a"`: struct {
			silent
			M string `yaml:"m" in:"{a"`
		}{},
		"is a float64, which the domain": struct {
			silent
			M float64 `yaml:"m" in:"{a,b}"`
		}{},
		"is a string, which the domain": struct {
			silent
			M string `yaml:"m" in:"(0,1)"`
		}{},
		"is a *float64; a parameter is": struct {
			silent
			M *float64 `yaml:"m" in:"(0,1)"`
		}{},
		"is not exported": struct {
			silent
			m float64 `yaml:"m" in:"(0,1)"`
		}{},
		`has the tag yaml:"m,omitempty"`: struct {
			silent
			M float64 `yaml:"m,omitempty" in:"(0,1)"`
		}{},
		"the field B of": struct {
			silent
			A float64 `yaml:"a" in:"(0,1)"`
			B float64 `yaml:"b" alias:"a" in:"(0,1)"`
		}{},
		"is a pointer": &tagged{Margin: 1},
	} {
		c := choose(value)
		if _, err := c.Loss(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
		c.Caption()
		if _, err := With(value, "m", 0.5); err == nil {
			t.Errorf("%T has the parameter m", value)
		}
	}

	c := choose(silent{})
	c.Miner = struct {
		BatchHardMiner
		K int `yaml:"k"`
	}{}
	if _, err := c.Loss(); err == nil || !strings.Contains(err.Error(), "the field K of") {
		t.Errorf("a miner: error %v", err)
	}
}

// All that the tags say is read, and the key stands for a symbol that is not given.
func TestReadTags(t *testing.T) {
	ps := Parameters(tagged{Margin: 2, Select: "hard", Count: 3})
	if len(ps) != 3 || ps[0].Symbol != "margin" || ps[1].Symbol != "x" || strings.Join(ps[0].Aliases, " ") != "m delta" ||
		!ps[0].Domain.LowOpen || len(ps[1].Domain.Words) != 2 || ps[2].Value != 3 {
		t.Errorf("parameters %+v", ps)
	}
}
