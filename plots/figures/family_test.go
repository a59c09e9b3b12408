package figures

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gpwbench/gpw"
	"gpwbench/losses"
)

func chosen(t *testing.T, name string) losses.Choice {
	t.Helper()
	c, err := losses.Choose(losses.Catalogue, name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The values of a range have its ends, steps of one size or of one factor, and whole
// numbers where the parameter is one. A range outside the domain is refused.
func TestVaryValues(t *testing.T) {
	number := losses.Parameter{Name: "x", Value: 0.5, Domain: losses.Domain{Low: 0, High: 100, LowOpen: true}}
	whole := losses.Parameter{Name: "n", Value: 3, Domain: losses.Domain{Low: 1, High: 1000}}
	word := losses.Parameter{Name: "w", Value: "all", Domain: losses.Domain{Words: []string{"all", "hard"}}}

	values, log, err := Vary{Low: 1, High: 3}.values(number)
	if err != nil || log || len(values) != familyLines || values[0] != 1 || values[len(values)-1] != 3 || values[10] != 2 {
		t.Errorf("even: %v, %v, %v", values, log, err)
	}
	values, log, err = Vary{Low: 0.01, High: 100}.values(number)
	if err != nil || !log || values[0] != 0.01 || values[len(values)-1] != 100 || values[10] < 0.999 || values[10] > 1.001 {
		t.Errorf("apart by a factor: %v, %v, %v", values, log, err)
	}
	if values, _, err = (Vary{Low: 2, High: 5}).values(whole); err != nil || !slices.Equal(values, []float64{2, 3, 4, 5}) {
		t.Errorf("whole: %v, %v", values, err)
	}
	for want, bad := range map[string]struct {
		v Vary
		p losses.Parameter
	}{
		"x must be in (0, 100], and 0 is not":   {Vary{Low: 0, High: 1}, number},
		"x must be in (0, 100], and 101 is not": {Vary{Low: 1, High: 101}, number},
		"the first is the smaller":              {Vary{Low: 2, High: 2}, number},
		"n is a whole number":                   {Vary{Low: 1.5, High: 3}, whole},
		"w is a word (all | hard)":              {Vary{Low: 1, High: 3}, word},
	} {
		_, _, err := bad.v.values(bad.p)
		if request := new(RequestError); !errors.As(err, &request) || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// The parameter is found by its name, an alias, or among those of the miner, and each
// value is drawn with it: above λ a negative has weight, and below it has none.
func TestFamily(t *testing.T) {
	loss := Loss{Label: "Contrastive", Choice: chosen(t, "contrastive")}
	drawn, err := Layout{}.Family(nil, loss, Vary{Name: "lambda", Low: 0, High: 0.5}, []gpw.Axis{gpw.S}, gpw.Pooling{})
	if err != nil || len(drawn) != 1 || drawn[0].Name != "vary_lambda" {
		t.Fatal(drawn, err)
	}
	data, err := drawn[0].Figure.CSV()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{} // how many similarities have weight, by λ
	for _, line := range strings.Split(string(data), "\n") {
		if f := strings.Split(line, ","); len(f) == 9 && f[4] == "negative" && f[8] != "0" {
			at[f[2]]++
		}
	}
	if at["0"] != 200 || at["0.25"] != 150 || at["0.5"] != 100 { // of 401 values of S from −1 to 1
		t.Errorf("similarities with weight: %v", at)
	}

	ms := Loss{Label: "Multi-Similarity", Choice: chosen(t, "multi_similarity")}
	for _, name := range []string{"lambda", "thresh", "miner.eps", "eps"} {
		if _, err := (Layout{}).Family(nil, ms, Vary{Name: name, Low: 0.1, High: 0.2}, []gpw.Axis{gpw.P}, gpw.Pooling{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = Layout{}.Family(nil, ms, Vary{Name: "gamma", Low: 0.1, High: 0.2}, []gpw.Axis{gpw.P}, gpw.Pooling{})
	if err == nil || !strings.Contains(err.Error(), `multi_similarity.official has no parameter "gamma"; known: alpha, beta, lambda, miner.eps`) {
		t.Errorf("error %v", err)
	}
}

// Two presets are told apart by their names, and two choices of one preset by what
// differs.
func TestDistinguish(t *testing.T) {
	official, paper := chosen(t, "multi_similarity.official"), chosen(t, "multi_similarity.paper")
	other := official
	value, err := losses.With(official.Value, "lambda", 0.7)
	if err != nil {
		t.Fatal(err)
	}
	other.Value = value
	title := official.Spec.Title
	for _, test := range []struct {
		all  []Loss
		want []string
	}{
		{[]Loss{{title, official}, {title + " paper", paper}}, []string{title + " official", title + " paper"}},
		{[]Loss{{title, official}, {title + ", λ 0.7", other}}, []string{title + ", λ 0.5", title + ", λ 0.7"}},
		{[]Loss{{title, official}, {"Triplet", chosen(t, "triplet")}}, []string{title, "Triplet"}},
	} {
		Distinguish(test.all)
		for k, l := range test.all {
			if l.Label != test.want[k] {
				t.Errorf("%q, want %q", l.Label, test.want[k])
			}
		}
	}
}

// Pages are as even as they can be: nine of at most eight are five and four.
func TestEvenly(t *testing.T) {
	for _, test := range [][3]int{{9, 8, 5}, {8, 8, 8}, {17, 8, 6}, {1, 8, 1}, {0, 8, 1}} {
		if got := evenly(test[0], test[1]); got != test[2] {
			t.Errorf("%d of at most %d: %d, want %d", test[0], test[1], got, test[2])
		}
	}
}
