package plots

import (
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gpwbench/analysis"
)

// A Family is the sweeps of one loss for several values of one of its parameters.
type Family struct {
	Parameter string      // its key, for the data: "lambda"
	Symbol    string      // as in the formula, for the drawing: "λ"
	Members   []FamilyOne // in the order of their values
	Log       bool        // values are apart by a factor, and their colours logarithmic

	// Own is the value that the loss has without being varied; NaN for none within the
	// range. Its sweeps are those of Usual.
	Own   float64
	Usual []*analysis.Sweep
}

// A FamilyOne is the sweeps of one value.
type FamilyOne struct {
	Value  float64
	Sweeps []*analysis.Sweep
}

// Families shows the weight of one pair while one group of similarities moves, as a line
// for each value of a parameter, whose colour a bar explains. Each sweep is a column; the
// pair as a negative and as a positive are rows. All lines have one scale of weights. The
// values of a member whose sweeps cannot be drawn, or are not those of the first, are
// left out.
func Families(as Print, f Family) *Figure {
	var all [][]*analysis.Sweep
	f.Members = kept(f.Members, func(m FamilyOne) bool {
		ok := finite(m.Value) && len(drawableSweeps([][]*analysis.Sweep{m.Sweeps})) == 1
		if ok && len(all) > 0 && len(drawableSweeps([][]*analysis.Sweep{all[0], m.Sweeps})) < 2 {
			ok = false
		}
		if ok {
			all = append(all, m.Sweeps)
		}
		return ok
	})
	if len(f.Members) == 0 {
		return new(Figure)
	}

	s := newLayout(as)
	first := all[0][0].Positive
	usual := len(drawableSweeps([][]*analysis.Sweep{all[0], f.Usual})) == 2
	s.heading(first.Title+" for "+f.Symbol+" from "+plainNumber(f.Members[0].Value)+" to "+plainNumber(f.Members[len(f.Members)-1].Value), f.others(first.Caption))
	s.familyPanels(f, all, usual)
	s.familyBar(f, usual)

	notes := []string{"The weight of one pair while one similarity moves.", weightDefinition + "; m anchors.", analysis.SweepBatchNote, similaritiesNote(first)}
	if usual {
		notes = append(notes, "Dashed black line, and the triangle at the bar: "+f.Symbol+" "+plainNumber(f.Own)+", which the loss has unless it is changed.")
	}
	if slices.ContainsFunc(all, func(sweeps []*analysis.Sweep) bool {
		return slices.ContainsFunc(sweeps, func(w *analysis.Sweep) bool { return hasOpposite(w.Positive, w.Negative) })
	}) {
		notes = append(notes, oppositeNote)
	}
	s.note(append(notes, scaleNotes(s.familyScale()))...)
	return s.figure(first, f.rows)
}

// others are the parameters of a caption that are not varied.
func (f Family) others(caption string) string {
	if caption == "" {
		return parameters(caption)
	}
	fixed := slices.DeleteFunc(strings.Split(caption, ", "), func(one string) bool { return strings.HasPrefix(one, f.Symbol+" ") })
	if len(fixed) == 0 {
		return "no other parameters"
	}
	return parameters(strings.Join(fixed, ", "))
}

// familyScale is that of all lines: they differ by what the parameter does, which a
// division by their largest would hide unless it is asked for.
func (s *layout) familyScale() Scale {
	if s.Scale == "" || s.Scale == OwnScale {
		return SharedScale
	}
	return s.Scale
}

// familyPanels adds the panels of the sweeps.
func (s *layout) familyPanels(f Family, all [][]*analysis.Sweep, usual bool) {
	columns := all[0]
	drawn := all
	if usual {
		drawn = append(slices.Clip(all), f.Usual)
	}
	colors := f.colors()
	lefts, width := s.panelColumns(len(columns), weightsGap, true)
	s.sweepHeads(columns, lefts, width)
	letters := s.letters(2 * len(columns))
	for row, positive := range []bool{false, true} {
		axes := s.weightAxes(s.familyScale(), sweepGroups(drawn, positive), 6)
		s.add(weightsPanel+sweepAbove+4, func(c draw.Canvas, top vg.Length) {
			for j, column := range columns {
				p := newPanel(lefts[j], top-sweepAbove, width, weightsPanel, s.sweepAxis(drawn, j, width), axes[0])
				for k, m := range f.Members {
					p.y = axes[k]
					p.sweepLine(c, m.Sweeps[j].Side(positive), column.Moves, draw.LineStyle{Color: colors.color(f.place(m.Value)), Width: 0.9})
				}
				if usual {
					p.y = axes[len(axes)-1]
					p.sweepLine(c, f.Usual[j].Side(positive), column.Moves, draw.LineStyle{Color: inkColor, Width: 0.7, Dashes: []vg.Length{2.5, 1.5}})
				}
				p.zeroLine(c)
				p.frame(c)
				writeLetter(c, p.Min.X, p.Max.Y+4, letters[row*len(columns)+j])
				if j == 0 {
					p.labelY(c, p.y.weightName()+", "+sideName(positive), "")
				}
				if positive {
					p.labelX(c, axisName(column.Moves, column.Positive, width < 70))
				}
			}
		})
	}
	s.space(underX)
}

// place is where a value is on the bar.
func (f Family) place(v float64) float64 {
	if f.Log {
		return math.Log10(v)
	}
	return v
}

func (f Family) colors() viridisScale {
	return newViridisScale(f.place(f.Members[0].Value), f.place(f.Members[len(f.Members)-1].Value))
}

// familyBar adds the bar of the parameter's values, with a mark at the loss's own.
func (s *layout) familyBar(f Family, usual bool) {
	s.add(barHeight+underX+4, func(c draw.Canvas, top vg.Length) {
		left, width := vg.Length(margin+underY), s.inside()-underY-overRight
		colors := f.colors()
		over, name := newAxisX(colors.low, colors.high, 8, width), f.Symbol
		if f.Log {
			over, name = newLogAxis(colors.low, colors.high), f.Symbol+", log"
		}
		drawBar(c, colors, over, left, top-4, width, name)
		if usual {
			var mark vg.Path
			droopMark.add(&mark, vg.Point{X: left + width*vg.Length(over.at(f.place(f.Own))), Y: top - 2}, 1.6)
			c.SetColor(inkColor)
			c.Fill(mark)
		}
	})
}

// add appends the outline of a mark to a path.
func (m marker) add(path *vg.Path, at vg.Point, radius vg.Length) {
	*path = append(*path, m.path(at, radius)...)
}

// rows writes the pairs as they move, of each value.
func (f Family) rows(emit func(...string)) {
	pooling := f.Members[0].Sweeps[0].Positive.Pooling.String()
	emit("loss", "parameter", "value", "moves", "kind", "S", "N_"+pooling, "P_"+pooling, "m_w")
	for _, m := range f.Members {
		for _, sweep := range m.Sweeps {
			for _, positive := range []bool{false, true} {
				cloud := sweep.Side(positive)
				for _, p := range cloud.Pairs {
					emit(cloud.Loss, f.Parameter, csvNumber(m.Value), sweep.Moves.String(), sideName(positive), csvNumber(p.S), csvNumber(p.N), csvNumber(p.P), csvNumber(cloud.Weight(p)))
				}
			}
		}
	}
}
