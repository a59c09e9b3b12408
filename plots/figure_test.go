package plots

import (
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/losses"
)

// table1 names the losses of Table 1 of Wang et al., CVPR 2019, in its order.
var table1 = []string{
	"npairs", "nca", "histogram", "contrastive", "triplet", "lifted_structure", "binomial_deviance", "binlifted", "multi_similarity",
}

// batch is the pairs of n classes of 4 under a loss of the catalogue, with similarities
// as centred features have them.
func batch(t testing.TB, name string, classes int) *analysis.Scatter {
	t.Helper()
	const perClass, dim = 4, 24
	rng := rand.New(rand.NewPCG(7, 8))
	var rows []float64
	var labels []int
	for class := range classes {
		center := make([]float64, dim)
		for k := range center {
			center[k] = rng.NormFloat64()
		}
		for range perClass {
			for _, v := range center {
				rows = append(rows, v+0.9*rng.NormFloat64())
			}
			labels = append(labels, class)
		}
	}
	s, err := gpw.Similarities(rows, len(labels), dim)
	if err != nil {
		t.Fatal(err)
	}
	b, err := losses.NewBatch(s, labels)
	if err != nil {
		t.Fatal(err)
	}
	choice, err := losses.Choose(losses.Catalogue, name)
	if err != nil {
		t.Fatal(err)
	}
	l, err := choice.Loss()
	if err != nil {
		t.Fatal(err)
	}
	c, err := analysis.NewScatter(gpw.Weigh(l, b))
	if err != nil {
		t.Fatal(err)
	}
	c.Loss, c.Title, c.Caption, c.Dataset = choice.Name(), choice.Spec.Title, choice.Caption(), "Cars-196"
	return c
}

// sweepsOf moves each group of similarities under a loss of the catalogue.
func sweepsOf(t testing.TB, name string) []*analysis.Sweep {
	t.Helper()
	choice, err := losses.Choose(losses.Catalogue, name)
	if err != nil {
		t.Fatal(err)
	}
	var all []*analysis.Sweep
	for _, moves := range []gpw.Axis{gpw.S, gpw.N, gpw.P} {
		s, err := analysis.NewSweep(choice, moves, gpw.Pooling{})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// odd are clouds that a run can meet and no textbook shows.
func odd() map[string]*analysis.Scatter {
	rng := rand.New(rand.NewPCG(1, 2))
	// weighing is a pair of the weight m·w, m being the 20 anchors of all.
	weighing := func(w float64, p gpw.Pair) gpw.Pair {
		p.G = w / 20
		if p.Positive {
			p.G = -p.G
		}
		return p
	}
	cloud := func(n int, point func(k int) gpw.Pair) *analysis.Scatter {
		c := &analysis.Scatter{Loss: "odd.one", Title: "Odd", Caption: "α 2, β 40", Dataset: "CUB-200-2011 (synthetic)", Anchors: 20}
		for k := range n {
			c.Pairs = append(c.Pairs, point(k))
		}
		return c
	}
	nan := math.NaN()
	long := cloud(40, func(k int) gpw.Pair {
		return weighing(-12345*rng.Float64(), gpw.Pair{Positive: k%4 == 0, S: rng.Float64(), N: rng.Float64(), P: rng.Float64()})
	})
	long.Title = "A loss whose title is so long that no column of a page could hold it in a line of its own without a break"
	long.Dataset = "a data set with a name of many words, as people give them to what they have collected over the years"
	long.Caption = strings.Repeat("a parameter with a long name 0.00001, ", 8) + "MS mining ε 0.1"
	return map[string]*analysis.Scatter{
		"empty":    cloud(0, nil),
		"one pair": cloud(1, func(int) gpw.Pair { return weighing(1, gpw.Pair{Positive: true, S: 0.4, N: nan, P: nan}) }),
		"no weight": cloud(100, func(k int) gpw.Pair {
			return gpw.Pair{Positive: k%5 == 0, S: rng.Float64(), N: 0.1, P: nan}
		}),
		"no positive": cloud(100, func(k int) gpw.Pair { return weighing(1, gpw.Pair{S: rng.Float64(), N: rng.Float64(), P: nan}) }),
		"collapsed": cloud(4000, func(k int) gpw.Pair {
			s := 0.9985 + 0.0014*rng.Float64()
			return weighing(1000*rng.Float64(), gpw.Pair{Positive: k%9 == 0, S: s, N: s - 0.999, P: s - 0.9991})
		}),
		"signed": cloud(4000, func(k int) gpw.Pair {
			s := 1.6*rng.Float64() - 0.6
			return weighing((1.1-s)*s*1e-5, gpw.Pair{Positive: k%9 == 0, S: s, N: s, P: s})
		}),
		"long words": long,
	}
}

func TestNoTextIsCutOffOrRunsIntoOther(t *testing.T) {
	var all []*analysis.Scatter
	for _, name := range table1 {
		c := batch(t, name, 8)
		all = append(all, c)
		checkLayout(t, Weights(Page, c, c))
		checkLayout(t, Weights(Column, c, c))
		checkLayout(t, Against(Page, c, c))
		checkLayout(t, Against(Column, c))
	}
	for name, c := range odd() {
		t.Run(name, func(t *testing.T) {
			checkLayout(t, Weights(Page, c))
			checkLayout(t, Weights(Page, c, c, c))
			checkLayout(t, Weights(Column, c, all[0]))
			checkLayout(t, Against(Page, c, all[0]))
			checkLayout(t, Against(Column, c, all[1]))
			for _, along := range []gpw.Axis{gpw.S, gpw.N, gpw.P} {
				checkLayout(t, Overview([]*analysis.Scatter{c, all[0]}, along, Page))
				checkLayout(t, Overview([]*analysis.Scatter{c, all[0]}, along, Column))
			}
		})
		all = append(all, c)
	}
	var moved [][]*analysis.Sweep
	for _, name := range append([]string{"circle", "supcon", "histogram"}, table1[:SweepRows-3]...) {
		moved = append(moved, sweepsOf(t, name))
	}
	for _, width := range []Width{Page, Column} {
		for n := 1; n <= 3; n++ {
			var alone []*analysis.Sweep
			for _, sweeps := range moved[:n] {
				alone = append(alone, sweeps[0])
			}
			checkLayout(t, Compare(all[len(all)-n:], nil, width))
			checkLayout(t, Compare(all[:n], alone, width))
			var fewer [][]*analysis.Sweep // of n movements
			for _, sweeps := range moved {
				fewer = append(fewer, sweeps[:n])
			}
			checkLayout(t, Sweeps(fewer[:SweepLines], width))
			checkLayout(t, SweepMultiples(fewer, width))
		}
		for _, c := range all {
			checkLayout(t, Heatmaps([]*analysis.Heatmaps{c.Heatmaps(), all[0].Heatmaps()}, width))
		}
	}
	for n := range all {
		checkLayout(t, Overview(all[:n+1], gpw.S, Page))
		checkLayout(t, Overview(all[:n+1], gpw.N, Column))
	}
}

func TestFormats(t *testing.T) {
	c := batch(t, "multi_similarity", 30) // 120 anchors: 13,920 negatives, more than are drawn one by one
	for name, f := range map[string]*Figure{"weights": Weights(Page, c, c), "overview": Overview([]*analysis.Scatter{c, c}, gpw.S, Page)} {
		t.Run(name, func(t *testing.T) {
			width, height := f.Size()
			if width != 6.875 || height < 2 || height > 9 {
				t.Errorf("%.2f × %.2f inches", width, height)
			}
			for format, encode := range map[string]func() ([]byte, error){
				"svg": f.SVG, "pdf": f.PDF, "csv": f.CSV, "png": func() ([]byte, error) { return f.PNG(100) },
			} {
				first, err := encode()
				if err != nil {
					t.Fatal(err)
				}
				if again, _ := encode(); !bytes.Equal(first, again) {
					t.Errorf("%s: two encodings differ", format)
				}
				checkFormat(t, f, format, first)
			}
		})
	}
	for _, dpi := range []int{5_000, 1_000_000_000, math.MaxInt} {
		if _, err := Weights(Page, c).PNG(dpi); err == nil {
			t.Errorf("an image of %d dots per inch", dpi)
		}
	}
	if _, err := Weights(Page, c).PNG(0); err == nil {
		t.Error("a PNG of 0 dots per inch")
	}
}

func checkFormat(t *testing.T, f *Figure, format string, data []byte) {
	t.Helper()
	switch format {
	case "svg":
		d := xml.NewDecoder(bytes.NewReader(data))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
		for _, want := range []string{
			"<title>" + f.title + "</title>", "'Liberation Sans',Arial", `href="data:image/png;base64,`, ">Multi-Similarity", ">−0.5</text>", "m·w",
		} {
			if !bytes.Contains(data, []byte(want)) {
				t.Errorf("svg: no %s", want)
			}
		}
	case "pdf":
		if !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.Contains(data, []byte("liberationsans")) || bytes.Count(data, []byte("/Type /Page\n")) != 1 {
			t.Error("pdf: not one page with its fonts")
		}
	case "png":
		img, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		want := int(math.Round(float64(f.height) / 72 * 100))
		if size := img.Bounds().Size(); size.X != 688 || size.Y != want {
			t.Errorf("png: %v pixels, want 688 × %d", size, want)
		}
		if !bytes.Contains(data[:64], []byte("pHYs\x00\x00\x0f\x61\x00\x00\x0f\x61\x01")) { // 3937 dots a metre
			t.Error("png: no resolution")
		}
	case "csv":
		rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil || len(rows) < 10 {
			t.Errorf("csv: %d rows, %v", len(rows), err)
		}
	}
}
