package table

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The tables of Wang et al., CVPR 2019, as they were read, one line a method and its
// dimensions: Recall@K at the K of the benchmark. A dash is a cell that is not printed
// there, or that could be read nowhere.
const (
	typedCUB = `
Clustering 64: 48.2 61.4 71.8 81.9 - -
ProxyNCA 64: 49.2 61.9 67.9 72.4 - -
Smart Mining 64: 49.8 62.3 74.1 83.3 - -
MS 64: 57.4 69.8 80.0 87.8 93.2 96.4
Margin 128: 63.6 74.4 83.1 90.0 94.2 -
HDC 384: 53.6 65.7 77.0 85.6 91.5 95.5
HTL 512: 57.1 68.8 78.7 86.5 92.5 95.5
A-BIER 512: 57.5 68.7 78.3 86.2 91.9 95.5
ABE 512: 60.6 - - - - -
MS 512: 65.7 77.0 86.3 91.2 95.0 97.3
Weight (the MS authors' earlier loss) 512: 66.85 77.84 85.80 91.29 94.94 97.42`

	typedCars = `
Clustering 64: 58.1 70.6 80.3 87.8 - -
ProxyNCA 64: 73.2 82.4 86.4 87.8 - -
Smart Mining 64: 64.7 76.2 84.2 90.2 - -
MS 64: 77.3 - - - - -
Margin 128: 79.6 86.5 91.9 95.1 97.3 -
HDC 384: 73.7 83.2 89.5 93.8 96.7 98.4
HTL 512: 81.4 88.0 92.7 95.7 97.4 99.0
A-BIER 512: 82.0 89.0 93.2 96.1 97.8 98.7
MS 512: 84.1 90.4 94.0 96.5 - -
Weight (the MS authors' earlier loss) 512: 83.69 90.27 94.53 97.16 98.65 99.36`

	typedSOP = `
Clustering 64: 67.0 83.7 93.2 -
ProxyNCA 64: 73.7 - - -
MS 64: 74.1 - - -
Margin 128: 72.7 86.2 93.8 98.0
MS 128: 76.6 - - -
HDC 384: 69.5 84.4 92.8 97.7
HTL 512: 74.8 88.3 94.8 98.4
A-BIER 512: 74.2 86.9 94.0 97.8
ABE 512: 76.3 88.4 94.8 98.2
MS 512: 78.2 90.5 96.0 -
Weight (the MS authors' earlier loss) 512: 78.18 90.47 96.0 98.74`

	typedInShop = `
DREML 48: 78.4 93.7 95.8 96.7 - -
HTL 128: 80.9 94.3 95.8 97.2 97.4 97.8
MS 128: 88.0 - - - - -
HDC 384: 62.1 84.9 89.0 91.2 92.3 93.1
A-BIER 512: 83.1 95.1 96.9 97.5 97.8 98.0
ABE 512: 87.3 96.7 97.9 98.2 - 98.7
MS 512: 89.7 97.9 98.5 - - -
Weight (the MS authors' earlier loss) 512: 89.64 97.87 98.47 98.84 99.05 99.20
FashionNet 4096: 53.0 73.0 76.0 77.0 - 80.0`
)

// typed lists the cells of a table: "method dim metric value".
func typed(table string, metrics ...string) []string {
	var cells []string
	for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
		row, values, _ := strings.Cut(line, ": ")
		for k, v := range strings.Fields(values) {
			if v != "-" {
				cells = append(cells, fmt.Sprint(row, " ", metrics[k], " ", v))
			}
		}
	}
	slices.Sort(cells)
	return cells
}

// The numbers of the reference, beyond its ablation, are those of the source tables and
// no others.
func TestPublishedTables(t *testing.T) {
	at := func(ks ...int) (metrics []string) {
		for _, k := range ks {
			metrics = append(metrics, fmt.Sprint("recall@", k))
		}
		return metrics
	}
	for dataset, want := range map[string][]string{
		"cub200":  typed(typedCUB, at(1, 2, 4, 8, 16, 32)...),
		"cars196": typed(typedCars, at(1, 2, 4, 8, 16, 32)...),
		"sop":     typed(typedSOP, at(1, 10, 100, 1000)...),
		"inshop":  typed(typedInShop, at(1, 10, 20, 30, 40, 50)...),
	} {
		var got []string
		for _, c := range reference(t).Values {
			if c.Dataset == dataset && c.Row == "" {
				got = append(got, fmt.Sprint(c.Method, " ", c.Dim, " ", c.Metric, " ", c.Percent))
			}
			if own := c.Dataset == "cub200" && c.Method == "MS"; own != (c.Status == officialRepository) {
				t.Errorf("%s %s %d is %s: its authors' repository has MS on CUB alone", c.Dataset, c.Method, c.Dim, c.Status)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-source table +file):\n%s", dataset, diff)
		}
	}
}

// The table of Musgrave et al., ECCV 2020, as it was read: P@1, RP and MAP@R on CUB at
// 512 dimensions, CUB at 128, Cars at 512, Cars at 128.
const typedRealityCheck = `
Pretrained | 51.05 24.85 14.21 | 50.54 25.12 14.53 | 46.89 13.77 5.91 | 43.27 13.37 5.64
Contrastive | 68.13 37.24 26.53 | 59.73 31.98 21.18 | 81.87 35.11 24.89 | 69.80 27.78 17.24
Triplet | 64.24 34.55 23.69 | 55.76 29.55 18.75 | 79.13 33.71 23.02 | 65.68 26.67 15.82
NT-Xent | 66.61 35.96 25.09 | 58.12 30.81 19.87 | 80.99 34.96 24.40 | 68.16 27.66 16.78
ProxyNCA | 65.69 35.14 24.21 | 57.88 30.16 19.32 | 83.56 35.62 25.38 | 73.46 28.90 18.29
Margin | 63.60 33.94 23.09 | 54.78 28.86 18.11 | 81.16 34.82 24.21 | 68.24 27.25 16.40
Margin/class | 64.37 34.59 23.71 | 55.56 29.32 18.51 | 80.04 33.78 23.11 | 67.54 26.68 15.88
N.Softmax | 65.65 35.99 25.25 | 58.75 31.75 20.96 | 83.16 36.20 26.00 | 72.55 29.35 18.73
CosFace | 67.32 37.49 26.70 | 59.63 31.99 21.21 | 85.52 37.32 27.57 | 74.67 29.01 18.80
ArcFace | 67.50 37.31 26.45 | 60.17 32.37 21.49 | 85.44 37.02 27.22 | 72.10 27.29 17.11
FastAP | 63.17 34.20 23.53 | 55.58 29.72 19.09 | 78.45 33.61 23.14 | 65.08 26.59 15.94
SNR | 66.44 36.56 25.75 | 58.06 31.21 20.43 | 82.02 35.22 25.03 | 69.69 27.55 17.13
MS | 65.04 35.40 24.70 | 57.60 30.84 20.15 | 85.14 38.09 28.07 | 73.77 29.92 19.32
MS+Miner | 67.73 37.37 26.52 | 59.41 31.93 21.01 | 83.67 37.08 27.01 | 71.80 29.44 18.86
SoftTriple | 67.27 37.34 26.51 | 59.94 32.12 21.31 | 84.49 37.03 27.08 | 73.69 29.29 18.89`

func TestPublishedRealityCheck(t *testing.T) {
	var want []string
	for _, line := range strings.Split(strings.TrimSpace(typedRealityCheck), "\n") {
		parts := strings.Split(line, " | ")
		for k, of := range []string{"cub200 512", "cub200 128", "cars196 512", "cars196 128"} {
			for m, v := range strings.Fields(parts[k+1]) {
				want = append(want, fmt.Sprint(parts[0], " ", of, " ", []string{"recall@1", "r_precision", "map_at_r"}[m], " ", v))
			}
		}
	}

	ref, err := Published("musgrave_eccv2020")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range ref.Values {
		got = append(got, fmt.Sprint(c.Method, " ", c.Dataset, " ", c.Dim, " ", c.Metric, " ", c.Percent))
		ensemble := map[int]string{512: "concatenated", 128: "separated"}[c.Dim]
		if c.Method == "Pretrained" {
			ensemble = ""
		}
		if c.Ensemble != ensemble || c.Status != secondary || (c.Loss == "") != (c.Method == "Pretrained") {
			t.Errorf("%+v", c)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-source table +file):\n%s", diff)
	}
}

// The order that is tested is that of the numbers, and of all rows of the ablation.
func TestPublishedOrder(t *testing.T) {
	ref := reference(t)
	o := ref.About.Orders[0]
	var values []float64
	for _, row := range o.Rows {
		for _, c := range ref.Values {
			if c.Row == row {
				values = append(values, c.Value)
			}
		}
	}
	if len(ref.About.Orders) != 1 || len(values) != 8 || !slices.IsSorted(values) {
		t.Errorf("the rows %q have the values %v", o.Rows, values)
	}
}

func TestReadAboutStrict(t *testing.T) {
	values := []PublishedValue{{Dataset: "cars196", Metric: "recall@1", Row: "A"}, {Dataset: "cars196", Metric: "recall@1", Row: "B"}}
	const good = `{"protocol": "p", "frozen": "f", "orders": [{"title": "t", "dataset": "cars196", "metric": "recall@1", "rows": ["A", "B"]}]}`
	if a, err := readAbout([]byte(good), values); err != nil || len(a.Orders) != 1 {
		t.Fatalf("%+v, %v", a, err)
	}
	for _, c := range []struct{ old, by, want string }{
		{`"p"`, `""`, "protocol and frozen must not be empty"},
		{`"A", "B"`, `"A"`, "an order needs a title and two rows or more"},
		{`"B"`, `"C"`, `an order has the row "C", of which there is no recall@1 on cars196`},
		{`}]}`, `}]`, "unexpected end"},
	} {
		_, err := readAbout([]byte(strings.Replace(good, c.old, c.by, 1)), values)
		errorHas(t, err, c.want)
	}
}
