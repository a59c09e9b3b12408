package playground

import (
	"gpwbench/gpw/probe"
	"gpwbench/losses"
)

// A Catalogue is everything that the page offers and that does not change.
type Catalogue struct {
	Families []Family `json:"families"`
	Miners   []Named  `json:"miners"`
	Rows     []Row    `json:"rows"`  // of Table 1
	Cases    []string `json:"cases"` // of Figure 2
	Layout   Layout   `json:"layout"`
	Example  Loss     `json:"example"` // a formula to begin with
	Bounds   BoundsOf `json:"bounds"`
}

// BoundsOf are the largest numbers that the page takes.
type BoundsOf struct {
	Points    int     `json:"points"`
	Classes   int     `json:"classes"`
	LeastRate float64 `json:"least_rate"`
	MostRate  float64 `json:"most_rate"`
}

// A Family has the losses that are listed together.
type Family struct {
	Name    string  `json:"name"`
	Presets []Named `json:"presets"`
}

// A Named is a name for programs and one for readers.
type Named struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// A Row is a loss of Table 1 with the letters of its ticks.
type Row struct {
	Named
	Printed []string `json:"printed"`
}

// Offers returns the catalogue of the page.
func Offers() Catalogue {
	c := Catalogue{
		Layout:  Packed,
		Miners:  []Named{{noMiner, "no mining"}},
		Example: Loss{Name: "my_loss", Value: "mean_pos(1 - s) + sum_neg(relu(s - lambda))", Params: map[string]any{"lambda": 0.5}},
		Bounds:  BoundsOf{MostPoints, MostClasses, LeastRate, MostRate},
	}
	for _, family := range losses.Families {
		f := Family{Name: string(family)}
		for _, s := range losses.Catalogue {
			for _, p := range s.Presets {
				if s.Family == family {
					f.Presets = append(f.Presets, Named{s.Name + "." + p.Name, s.Title + " · " + p.Name})
				}
			}
		}
		c.Families = append(c.Families, f)
	}

	for _, m := range losses.Miners {
		c.Miners = append(c.Miners, Named{m.Name, m.Title})
	}
	for _, s := range losses.Catalogue {
		if s.Table1 != nil {
			c.Rows = append(c.Rows, Row{Named{s.Name, s.Title}, s.Table1.Letters()})
		}
	}
	for _, k := range probe.Cases {
		c.Cases = append(c.Cases, capital(k.Name))
	}
	return c
}
