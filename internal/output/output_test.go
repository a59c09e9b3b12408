package output

import (
	"bytes"
	"math"
	"testing"
)

func TestGrid(t *testing.T) {
	g := &Grid{Header: []string{"loss", "w"}}
	g.Add("`a|b`", "=1")
	g.Add("x_ y", "-0.5")
	for format, want := range map[string]string{
		"text":     "loss   w\n`a|b`  =1\nx_ y   -0.5\n",
		"csv":      "loss,w\n`a|b`,'=1\nx_ y,-0.5\n",
		"markdown": "| loss | w |\n| --- | --- |\n| `a\\|b` | =1 |\n| x\\_ y | -0.5 |\n",
		"latex": "\\begin{tabular}{ll}\n\\toprule\nloss & w \\\\\n\\midrule\n" +
			"\\textasciigrave{}a$|$b\\textasciigrave{} & =1 \\\\\n" +
			"x\\_ y & -0.5 \\\\\n\\bottomrule\n\\end{tabular}\n",
	} {
		var b bytes.Buffer
		if err := g.Write(&b, format); err != nil || b.String() != want {
			t.Errorf("%s: error %v, have\n%swant\n%s", format, err, b.String(), want)
		}
	}
}

func TestNumbers(t *testing.T) {
	if s := Exact(math.Copysign(0, -1)); s != "0" {
		t.Errorf("a negative zero is written as %q", s)
	}
	if s := Exact(math.NaN()); s != "" {
		t.Errorf("NaN is written as %q", s)
	}
	if OrNull(math.NaN()) != nil || *OrNull(0.5) != 0.5 {
		t.Error("OrNull keeps NaN or loses a number")
	}

	var b bytes.Buffer
	if err := JSON(&b, []string{"<&>\u202e"}, ""); err != nil || b.String() != "[\"<&>\\u202e\"]\n" {
		t.Errorf("JSON writes %q, error %v", b.String(), err)
	}
}
