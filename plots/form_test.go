package plots

import (
	"bytes"
	"image"
	"image/png"
	"testing"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// Every format of a figure has the form of a figure; files of other programs, and another
// figure's columns, have not.
func TestIsFigure(t *testing.T) {
	f := Weights(Page, batch(t, "contrastive", 4))
	image300 := func() []byte {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}()
	for format, encode := range map[string]func() ([]byte, error){
		"svg": f.SVG, "pdf": f.PDF, "csv": f.CSV, "json": f.JSON,
		"png": func() ([]byte, error) { return f.PNG(96) },
	} {
		data, err := encode()
		if err != nil {
			t.Fatal(err)
		}
		if !IsFigure(format, data) {
			t.Errorf("%s: a figure is none", format)
		}
		for what, other := range map[string][]byte{
			"nothing":                   nil,
			"notes":                     []byte("notes\n"),
			"an SVG of another program": []byte("<?xml version=\"1.0\"?>\n<svg width=\"1\" xmlns=\"http://www.w3.org/2000/svg\"></svg>"),
			"a PDF of another program":  []byte("%PDF-1.4\n/CreationDate (D:20260101000000)"),
			"a PNG without resolution":  image300,
			"other columns":             []byte("loss,step\na,1\n"),
			"other JSON":                []byte(`{"title": "mine"}`),
		} {
			if IsFigure(format, other) {
				t.Errorf("%s: %s is a figure", format, what)
			}
		}
		if format == "png" && IsFigure(format, data[:len(data)/2]) {
			t.Error("half a PNG is a figure")
		}
	}
}

// The data of every kind of figure begin with columns that are known.
func TestColumnsAreKnown(t *testing.T) {
	c := batch(t, "contrastive", 4)
	sweeps := sweepsOf(t, "contrastive")
	training := history(t, "contrastive", 3)
	pooled := *c
	pooled.Pooling = gpw.Pooling{Scale: 2.5}
	for name, f := range map[string]*Figure{
		"weights": Weights(Page, c), "pooled": Weights(Page, &pooled), "against": Against(Page, c),
		"overview": Overview([]*analysis.Scatter{c}, gpw.N, Page), "maps": Heatmaps([]*analysis.Heatmaps{c.Heatmaps()}, Page),
		"compare": Compare([]*analysis.Scatter{c}, nil, Page), "compare with sweep": Compare([]*analysis.Scatter{c}, sweeps[:1], Page),
		"sweeps": Sweeps([][]*analysis.Sweep{sweeps}, Page), "multiples": SweepMultiples([][]*analysis.Sweep{sweeps}, Page),
		"scenarios": Scenarios(scenariosOf(t, "contrastive"), nil),
		"training":  Training(Page, training), "trainings": Trainings(Page, []*analysis.TrainingHistory{training}),
	} {
		data, err := f.CSV()
		if err != nil || !IsFigure("csv", data) {
			line, _, _ := bytes.Cut(data, []byte("\n"))
			t.Errorf("%s: columns %s, error %v", name, line, err)
		}
	}
}
