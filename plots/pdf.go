package plots

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"gpwbench/internal/escape"
)

// A pdf is a canvas of one page. gonum's own has only the characters of Windows-1252, so
// no α and no minus sign. It also writes temporary files, and puts the time into its
// document.
type pdf struct {
	doc    *fpdf.Fpdf
	height float64
	widest int // pixels of the last image
	fonts  map[string]bool
}

func newPDF(width, height vg.Length, title string) *pdf {
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: width.Points(), Ht: height.Points()}})
	doc.SetCreationDate(time.Unix(0, 0).UTC())
	doc.SetModificationDate(time.Unix(0, 0).UTC())
	doc.SetCatalogSort(true)
	doc.SetTitle(escape.Line(title), true)
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	doc.AddPage()
	c := &pdf{doc: doc, height: height.Points(), fonts: map[string]bool{}}
	vg.Initialize(c)
	return c
}

func (c *pdf) bytes() ([]byte, error) {
	var b bytes.Buffer
	if err := c.doc.Output(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// xy returns a point in the coordinates of fpdf: from the top left corner, downwards.
func (c *pdf) xy(p vg.Point) (x, y float64) { return p.X.Points(), c.height - p.Y.Points() }

func (c *pdf) SetLineWidth(w vg.Length) { c.doc.SetLineWidth(w.Points()) }

func (c *pdf) SetLineDash(pattern []vg.Length, offset vg.Length) {
	dashes := make([]float64, len(pattern))
	for k, d := range pattern {
		dashes[k] = d.Points()
	}
	c.doc.SetDashPattern(dashes, offset.Points())
}

func (c *pdf) SetColor(clr color.Color) {
	n := color.NRGBAModel.Convert(clr).(color.NRGBA)
	r, g, b := int(n.R), int(n.G), int(n.B)
	c.doc.SetFillColor(r, g, b)
	c.doc.SetDrawColor(r, g, b)
	c.doc.SetTextColor(r, g, b)
}

func (c *pdf) Rotate(radians float64) { c.doc.TransformRotate(radians*180/math.Pi, 0, c.height) }
func (c *pdf) Translate(p vg.Point)   { c.doc.TransformTranslate(p.X.Points(), -p.Y.Points()) }
func (c *pdf) Scale(x, y float64)     { c.doc.TransformScale(x*100, y*100, 0, c.height) }
func (c *pdf) Push()                  { c.doc.TransformBegin() }
func (c *pdf) Pop()                   { c.doc.TransformEnd() }
func (c *pdf) Stroke(path vg.Path)    { c.trace(path); c.doc.DrawPath("D") }
func (c *pdf) Fill(path vg.Path)      { c.trace(path); c.doc.DrawPath("F") }
func (c *pdf) Size() (w, h vg.Length) {
	w2, h2 := c.doc.GetPageSize()
	return vg.Length(w2), vg.Length(h2)
}

// trace adds the path to the page. Arcs are whole circles, which is all that glyphs need.
func (c *pdf) trace(path vg.Path) {
	for _, p := range path {
		switch p.Type {
		case vg.MoveComp:
			c.doc.MoveTo(c.xy(p.Pos))
		case vg.LineComp:
			c.doc.LineTo(c.xy(p.Pos))
		case vg.ArcComp:
			c.circle(p.Pos, p.Radius)
		case vg.CloseComp:
			c.doc.ClosePath()
		default:
			panic(fmt.Sprintf("plots: pdf: path component %d", p.Type))
		}
	}
}

// circle adds four cubic curves, which differ from a circle by 3e-4 of its radius.
func (c *pdf) circle(at vg.Point, radius vg.Length) {
	const k = 0.5522847498
	x, y := c.xy(at)
	r := radius.Points()
	c.doc.CurveBezierCubicTo(x+r, y-k*r, x+k*r, y-r, x, y-r)
	c.doc.CurveBezierCubicTo(x-k*r, y-r, x-r, y-k*r, x-r, y)
	c.doc.CurveBezierCubicTo(x-r, y+k*r, x-k*r, y+r, x, y+r)
	c.doc.CurveBezierCubicTo(x+k*r, y+r, x+r, y+k*r, x+r, y)
}

func (c *pdf) FillString(f font.Face, at vg.Point, text string) {
	name := f.Name()
	if !c.fonts[name] {
		var ttf bytes.Buffer
		if _, err := f.Face.WriteSourceTo(nil, &ttf); err != nil {
			c.doc.SetError(fmt.Errorf("font %s: %w", name, err))
			return
		}

		c.doc.AddUTF8FontFromBytes(name, "", ttf.Bytes())
		c.fonts[name] = true
	}

	c.doc.SetFont(name, "", f.Font.Size.Points())
	x, y := c.xy(at)
	c.doc.Text(x, y, text)
}

// DrawImage draws img in the rectangle. fpdf orders the images of a document by width,
// and those of one width at random. So each image is made wider than the last by
// transparent columns, and the bytes are the same each time.
func (c *pdf) DrawImage(r vg.Rectangle, img image.Image) {
	size, width := img.Bounds().Size(), r.Size().X
	wide := image.NewNRGBA(image.Rect(0, 0, max(size.X, c.widest+1), size.Y))
	draw.Draw(wide, wide.Rect, img, img.Bounds().Min, draw.Src)
	c.widest = wide.Rect.Dx()
	width *= vg.Length(c.widest) / vg.Length(size.X)

	var b bytes.Buffer
	if err := png.Encode(&b, wide); err != nil {
		c.doc.SetError(err)
		return
	}

	name := fmt.Sprint("image", c.widest)
	options := fpdf.ImageOptions{ImageType: "png"}
	c.doc.RegisterImageOptionsReader(name, options, &b)
	x, y := c.xy(vg.Point{X: r.Min.X, Y: r.Max.Y})
	c.doc.ImageOptions(name, x, y, width.Points(), r.Size().Y.Points(), false, options, 0, "")
}
