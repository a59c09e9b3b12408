package compare

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"gpwbench/results/stats"
)

// ordered are four rows of 25 classes, of which better and good are near each other.
func ordered(t *testing.T) *Set {
	t.Helper()
	return read(t, 25,
		fakeRow{label: "better", seeds: three, better: 0.1}, fakeRow{label: "worst", seeds: three, better: -0.15},
		fakeRow{label: "bad", seeds: three}, fakeRow{label: "good", seeds: three, better: 0.1})
}

// Every pair of an order has the difference of the bootstrap, later less earlier, and the
// verdict that it and Holm's method give for the neighbours, and for the best row apart.
func TestOrder(t *testing.T) {
	set := ordered(t)
	samples := set.samples("map_at_r")
	for _, c := range []struct {
		rows          []string
		verdict, best Verdict
		inOrder       int
	}{
		{[]string{"worst", "bad", "better"}, Agree, Agree, 3},
		{[]string{"worst", "bad", "good", "better"}, CannotTell, CannotTell, 6},
		{[]string{"bad", "worst", "better"}, Disagree, Agree, 2},
		{[]string{"better", "bad", "worst"}, Disagree, Disagree, 0},
		{[]string{"worst", "good"}, Agree, Agree, 1},
	} {
		o, err := set.TestOrder("map_at_r", c.rows)
		if err != nil {
			t.Fatal(err)
		}
		n := len(c.rows)
		if o.Verdict != c.verdict || o.BestVerdict != c.best || o.Pairs != n*(n-1)/2 || len(o.Neighbours) != n-1 || len(o.Best) != n-1 {
			t.Errorf("%q: %s, best %s, %d pairs, %d neighbours", c.rows, o.Verdict, o.BestVerdict, o.Pairs, len(o.Neighbours))
		}
		// good and better stand in one of two orders, by chance.
		if o.InOrder != c.inOrder && !(c.verdict == CannotTell && o.InOrder == c.inOrder-1) {
			t.Errorf("%q: %d pairs in order, want %d", c.rows, o.InOrder, c.inOrder)
		}

		for _, family := range []struct {
			claims []Claim
			above  func(k int) string
		}{
			{o.Neighbours, func(k int) string { return c.rows[k+1] }},
			{o.Best, func(int) string { return c.rows[n-1] }},
		} {
			var p []float64
			for k, claim := range family.claims {
				a, _ := set.Find(family.above(k))
				b, _ := set.Find(c.rows[k])
				want := set.bootstrap.Difference(samples[a].mean, samples[b].mean)
				if claim.A != family.above(k) || claim.B != c.rows[k] || claim.Mean != want.Mean || *claim.Low != *want.Low || *claim.P != *want.P {
					t.Errorf("%s: %+v, want %+v", claim.text(), claim.Difference, want)
				}
				p = append(p, *want.P)
			}
			for k, adjusted := range stats.Holm(p) {
				claim, want := family.claims[k], CannotTell
				switch {
				case adjusted < 0.05 && claim.Mean > 0:
					want = Agree
				case adjusted < 0.05:
					want = Disagree
				}
				if *claim.PHolm != adjusted || claim.Verdict != want {
					t.Errorf("%s: p %v is %s, want %v and %s", claim.text(), *claim.PHolm, claim.Verdict, adjusted, want)
				}
			}
		}
	}
}

// An order that cannot be tested says why; where classes say nothing there is no verdict,
// and no number stands for it.
func TestOrderEdges(t *testing.T) {
	set := ordered(t)
	for _, c := range []struct {
		metric string
		rows   []string
		want   string
	}{
		{"map_at_r", []string{"worst"}, "an order needs two rows or more"},
		{"map_at_r", []string{"worst", "GOOD", "good"}, "the order names the row good twice"},
		{"recall@8", []string{"worst", "good"}, "a run of worst lacks recall@8"},
	} {
		if _, err := set.TestOrder(c.metric, c.rows); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %s", c.rows, err, c.want)
		}
	}
	name := new(NameError)
	if _, err := TestOrders([]*Set{set}, "", []string{"worst", "god"}); !errors.As(err, &name) || name.Name != "god" {
		t.Errorf("error %v, want one about the name god", err)
	}

	one := read(t, 1, fakeRow{label: "a", seeds: three, better: 0.1}, fakeRow{label: "b", seeds: three})
	r, err := TestOrders([]*Set{one}, "", []string{"b", "a"})
	if err != nil {
		t.Fatal(err)
	}
	if o := r.Orders[0]; o.Verdict != CannotTell || o.Neighbours[0].PHolm != nil {
		t.Errorf("one class: %+v", o)
	}
	text := writeTo(t)(r.Write, "text")
	if strings.Contains(text, "NaN") || !strings.Contains(text, "cannot tell 1") {
		t.Errorf("one class:\n%s", text)
	}
	if s := strings.Join(r.Orders[0].Sentences(), "\n"); !strings.Contains(s, "points (one class: no interval and no p)") {
		t.Errorf("the reason is missing:\n%s", s)
	}

	// Without per-query results the means are there, and no verdict.
	bare := read(t, 9, fakeRow{label: "a", seeds: three, better: 0.2}, fakeRow{label: "b", seeds: three, without: true})
	o, err := bare.TestOrder("map_at_r", []string{"b", "a"})
	if err != nil || o.Verdict != CannotTell || o.Neighbours[0].Tied != nil || o.InOrder != 1 {
		t.Errorf("%+v, error %v", o, err)
	}
}

// Text, JSON and CSV say the same, on every data set that has the rows; one that lacks
// some is named.
func TestOrderFormats(t *testing.T) {
	sets := two(t)
	s := open(t)
	sets = append(sets, Read(s, []Row{keep(t, s, "fish", 12, fakeRow{label: "near", seeds: three}), keep(t, s, "fish", 12, fakeRow{label: "other", seeds: three})}))
	r, err := TestOrders(sets, "", []string{"frozen", "near", "nearer"})
	if err != nil {
		t.Fatal(err)
	}
	write := writeTo(t)
	c := r.Orders[0].Neighbours[0]
	text := write(r.Write, "text")
	for _, want := range []string{
		"birds: the order, tested in MAP@R", "cars: is nearer the best of them?", "frozen < near ", points(c.Mean), "agree",
		"birds: the order frozen < near < nearer in MAP@R: cannot tell (agree 1, disagree 0, cannot tell 1).",
		`fish: the order was not tested: no row "frozen"; there are near, other.`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("text lacks %q:\n%s", want, text)
		}
	}
	var orders []map[string]any
	if err := json.Unmarshal([]byte(write(r.Write, "json")), &orders); err != nil || len(orders) != 2 {
		t.Fatalf("%d orders, error %v", len(orders), err)
	}
	claim := orders[0]["neighbours"].([]any)[0].(map[string]any)
	if claim["difference"] != c.Mean || claim["verdict"] != "agree" || orders[0]["verdict"] != "cannot tell" || orders[0]["best_verdict"] != "cannot tell" || claim["a"] != "near" {
		t.Errorf("JSON has %v", orders[0])
	}
	lines := strings.Split(strings.TrimSpace(write(r.Write, "csv")), "\n")
	if len(lines) != 9 || !strings.HasSuffix(lines[0], ",claim,verdict,verdict_of_all") || !strings.HasSuffix(lines[1], ",order,agree,cannot tell") || !strings.HasSuffix(lines[4], ",best,cannot tell,cannot tell") {
		t.Errorf("CSV:\n%s", strings.Join(lines, "\n"))
	}
	for _, format := range []string{"markdown", "latex"} {
		if out := write(r.Write, format); !strings.Contains(out, "near") {
			t.Errorf("%s: %s", format, out)
		}
	}
}
