package playground

import (
	"bytes"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"gpwbench/internal/npy"
)

// states are some of those that a page can have.
func states(t *testing.T) map[string]*Playground {
	t.Helper()
	stepped := New()
	for range 7 {
		if err := stepped.Step(); err != nil {
			t.Fatal(err)
		}
	}

	changed := loaded(t, Arrangement{Sphere, 6, 10, 3}, "multi_similarity")
	for field, value := range map[string]string{"params.beta": "33.3", "miner.eps": "0.05"} {
		if err := changed.Type(0, field, value); err != nil {
			t.Fatal(err)
		}
	}
	changed.Select(17)

	formulas := New()
	err := formulas.SetFields(1, Fields{
		Positive: "exp(-alpha*s)", Negative: "1/count_neg", MineNegative: "s > min_pos(s) - eps and s < 1", Params: "eps: 0.1, alpha: 2",
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := formulas.SetPooling("log_sum_exp:20"); err != nil {
		t.Fatal(err)
	}
	single := New()
	single.Compare(false)
	return map[string]*Playground{"new": New(), "stepped": stepped, "changed": changed, "formulas": formulas, "single": single}
}

// A snippet and a link give back the state and, to the bit, the numbers of its frames.
func TestRoundTrip(t *testing.T) {
	for name, p := range states(t) {
		for way, read := range map[string]func() (State, error){
			"snippet": func() (State, error) { return ReadSnippet(p.State().Snippet()) },
			"link":    func() (State, error) { return ReadLink(p.State().Link()) },
		} {
			s, err := read()
			if err != nil {
				t.Fatalf("%s by %s: %v", name, way, err)
			}
			again := new(Playground)
			if err := again.Load(s); err != nil {
				t.Fatalf("%s by %s: %v", name, way, err)
			}
			if diff := cmp.Diff(p.State(), again.State()); diff != "" {
				t.Errorf("%s by %s (-want +got):\n%s", name, way, diff)
			}
			for k := range p.Panels() {
				got, err := again.Frame(k)
				if err != nil {
					t.Fatal(err)
				}
				if want, _ := p.Frame(k); got.Loss != want.Loss || got.Steps != want.Steps || !reflect.DeepEqual(got.G, want.G) {
					t.Errorf("%s by %s: L of loss %d is %v, want %v", name, way, k, got.Loss, want.Loss)
				}
			}
		}
	}
}

// A snippet is YAML with the same values.
func TestSnippetIsYAML(t *testing.T) {
	for name, p := range states(t) {
		var got struct {
			Surface string
			Labels  []int
			Points  [][][]float64
			Losses  []map[string]any
			Rate    float64
			Steps   int
		}
		s := p.State()
		if err := yaml.Unmarshal([]byte(s.Snippet()), &got); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got.Surface != s.Surface || got.Rate != s.Rate || got.Steps != s.Steps || !reflect.DeepEqual(got.Labels, s.Labels) || !reflect.DeepEqual(got.Points, s.Points) || len(got.Losses) != len(s.Losses) {
			t.Errorf("%s is read as %+v", name, got)
		}
	}
}

// What is no state of the page is refused with its line or its reason.
func TestMalformedSnippets(t *testing.T) {
	for text, want := range map[string]string{
		"surface: \"circle\"\nlables: [0]": "line 2: unknown key \"lables\"",
		"rate: 1\nrate: 1":                 "line 2: rate is there twice",
		"rate:":                            "line 1: rate: it has no value",
		"rate: 1 2":                        "line 1: rate: it has two values",
		"rate: fast":                       "line 1: rate: ",
		"losses: [{\"name\": \"triplet\", \"margn\": 1}]": "unknown field",
		"losses: []":                         "0 losses",
		"losses: [{\"name\": \"tripplet\"}]": "unknown loss \"tripplet\"",
		"losses: [{\"name\":\"triplet\",\"miner\":{\"eps\":1}}]": "a miner needs a name",
		"surface: \"cube\"":                          "write circle or sphere",
		"surface: \"sphere\"":                        "on a sphere it has 3",
		"labels: [0, 1]":                             "points for 2 labels",
		"labels: [0, 9]\npoints: [[[1, 0], [0, 1]]]": "9 is no class",
		"labels: [0, 1]\npoints: [[[1, 0], [0, 0]]]": "no direction",
		"labels: [0]\npoints: [[[1, 0]]]":            "2 to 64 points",
		"anchor: 12":                                 "numbered 0 to 11",
		"anchor: -1":                                 "numbered 0 to 11",
		"rate: 0":                                    "rate 0",
		"steps: -1":                                  "steps -1",
		"steps: 1.5":                                 "line 1: steps: ",
		"steps: 1000000001":                          "from 0 to 1000000000",
		"pooling: \"max\"":                           "unknown pooling",
		"points: [[[1e400, 0]]]":                     "line 1: points: ",
		"points: []":                                 "0 lists of points",
		strings.Repeat("#", mostText+1):              "bytes",
	} {
		s, err := ReadSnippet(text)
		if err == nil {
			err = New().Load(s)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: the error is %v, want %q", text, err, want)
		}
	}
	for _, link := range []string{"%", "AAAA", State{}.Link()[:5]} {
		if _, err := ReadLink(link); err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("the link %q: %v", link, err)
		}
	}
}

// The files have the points to the bit.
func TestFiles(t *testing.T) {
	p := states(t)["changed"]
	var want bytes.Buffer
	if err := npy.WriteFloat64(&want, []int{60, 3}, p.panels[0].x); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(p.Embeddings(0), want.Bytes()) {
		t.Error("points.npy has other bytes than the points")
	}
	lines := strings.Split(strings.TrimSpace(p.EmbeddingsCSV(0)), "\n")
	for i, line := range lines {
		for k, cell := range strings.Split(line, ",") {
			if v, err := strconv.ParseFloat(cell, 64); err != nil || v != p.panels[0].x[3*i+k] {
				t.Fatalf("line %d of the CSV is %s", i+1, line)
			}
		}
	}
	if labels := strings.Count(p.LabelsCSV(), "\n"); len(lines) != 60 || labels != 60 {
		t.Errorf("%d points and %d labels, want 60", len(lines), labels)
	}
	weights, err := p.WeightsCSV(0)
	if err != nil {
		t.Fatal(err)
	}
	if rows := strings.Count(weights, "\n"); rows != 1+60*59 {
		t.Errorf("%d lines of weights", rows)
	}
}
