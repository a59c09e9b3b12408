package playground

import "math"

// A Layout names the numbers of a packed frame, in their order: the Header once, Point
// for every point, and then each of the Planes.
type Layout struct {
	Header []string `json:"header"`
	Point  []string `json:"point"`
	Planes []string `json:"planes"`
}

// Packed is the layout of [Frame.Pack]. Without a loss, the frame ends after the points.
var Packed = Layout{
	Header: []string{"loss", "steps", "pairs", "kept", "weighted", "violations", "weights", "lines", "forces"},
	Point:  []string{"x", "y", "z", "fx", "fy", "fz", "size", "azimuth", "elevation"},
	Planes: []string{"S", "N", "P", "G", "both", "keep"},
}

// Pack appends the numbers of the frame to a slice, for the page, which reads them
// without text between. Numbers that are not defined are NaN.
func (f *Frame) Pack(to []float64) []float64 {
	to = append(to, f.Loss, float64(f.Steps), float64(f.Pairs), float64(f.KeptPairs), float64(f.Weighted), float64(f.Violations),
		f.Weights, f.Lines, f.Forces)

	for _, p := range f.Points {
		to = append(to, p.At[0], p.At[1], p.At[2], p.Force[0], p.Force[1], p.Force[2], p.Size, p.Azimuth, p.Elevation)
	}

	for _, plane := range [][]float64{f.S, f.N, f.P, f.G, f.Both} {
		to = append(to, plane...)
	}
	for k, keep := range f.Kept {
		switch {
		case math.IsNaN(f.S[k]):
			to = append(to, math.NaN())
		case keep:
			to = append(to, 1)
		default:
			to = append(to, 0)
		}
	}
	return to
}
