package plots

import (
	"bytes"
	"fmt"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// An svgCanvas is an SVG canvas that keeps the length of every text.
type svgCanvas struct {
	*vgsvg.Canvas
	lengths []vg.Length
}

// FillString implements vg.Canvas.
func (c *svgCanvas) FillString(f font.Face, at vg.Point, text string) {
	c.lengths = append(c.lengths, f.Width(text))
	c.Canvas.FillString(f, at, text)
}

// bytes is the drawing, in which every text says its length. The canvas escapes what is
// written, so no text has the beginning of an element in it.
func (c *svgCanvas) bytes() ([]byte, error) {
	var drawn bytes.Buffer
	if _, err := c.WriteTo(&drawn); err != nil {
		return nil, err
	}

	element := []byte("<text ")
	parts := bytes.Split(drawn.Bytes(), element)
	if len(parts) != len(c.lengths)+1 {
		return nil, fmt.Errorf("%d texts were drawn, and the canvas has %d", len(c.lengths), len(parts)-1)
	}
	var all bytes.Buffer
	all.Write(parts[0])
	for k, part := range parts[1:] {
		fmt.Fprintf(&all, `%stextLength="%.2f" lengthAdjust="spacingAndGlyphs" `, element, c.lengths[k].Points())
		all.Write(part)
	}
	return all.Bytes(), nil
}
