package plots

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/image/math/fixed"
)

// Every text of an SVG has its length in Liberation Sans, held against the sum of the
// advances of its letters at a hundred times the size.
func TestTextLengths(t *testing.T) {
	h := history(t, "multi_similarity", 30)
	h.Title = `<text x="1">&` // nothing that is written begins an element
	svg, err := Training(Page, h).SVG()
	if err != nil {
		t.Fatal(err)
	}

	size := regexp.MustCompile(`font-size:([0-9.]+)px`)
	texts, long := 0, 0
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local != "text" {
			continue
		}
		var text string
		if err := d.DecodeElement(&text, &start); err != nil {
			t.Fatal(err)
		}
		attributes := map[string]string{}
		for _, a := range start.Attr {
			attributes[a.Name.Local] = a.Value
		}
		points, err := strconv.ParseFloat(size.FindStringSubmatch(attributes["style"])[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		length, err := strconv.ParseFloat(attributes["textLength"], 64)
		if err != nil || attributes["lengthAdjust"] != "spacingAndGlyphs" {
			t.Fatalf("%q has the length %q, %q", text, attributes["textLength"], attributes["lengthAdjust"])
		}
		want := points * advance(t, text, strings.Contains(attributes["style"], "bold"))
		if math.Abs(length-want) > 0.02*want+0.1 {
			t.Errorf("%q has the length %v, want %v", text, length, want)
		}
		texts++
		if len(text) > 60 {
			long++
		}
	}
	if texts < 50 || long < 3 {
		t.Errorf("%d texts, %d of them long", texts, long)
	}
}

// advance is the length of a text over its size.
func advance(t *testing.T, text string, bold bool) float64 {
	t.Helper()
	face := regularFace()
	if bold {
		face = boldFace()
	}
	face.Font.Size = 100
	sum := fixed.Int26_6(0)
	of := face.FontFace(72)
	for _, r := range text {
		a, ok := of.GlyphAdvance(r)
		if !ok {
			t.Fatalf("the font has no %q", r)
		}
		sum += a
	}
	return float64(sum) / 64 / 100
}
