package playground

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"gpwbench/gpw"
	"gpwbench/internal/npy"
)

// Names of the files that Command reads.
const (
	EmbeddingsFile = "points.npy"
	LabelsFile     = "labels.npy"
)

// Embeddings returns the points of a panel as a file of NumPy, a row for each point.
func (p *Playground) Embeddings(panel int) []byte {
	var b bytes.Buffer
	_ = npy.WriteFloat64(&b, []int{len(p.state.Labels), p.state.dimensions()}, p.panels[panel].x) // memory takes all
	return b.Bytes()
}

// LabelsNPY returns the classes of the points as a file of NumPy.
func (p *Playground) LabelsNPY() []byte {
	labels := make([]int64, len(p.state.Labels))
	for k, y := range p.state.Labels {
		labels[k] = int64(y)
	}
	var b bytes.Buffer
	_ = npy.WriteInt64(&b, []int{len(labels)}, labels)
	return b.Bytes()
}

// EmbeddingsCSV returns the points of a panel as lines of numbers, with all digits.
func (p *Playground) EmbeddingsCSV(panel int) string {
	var b strings.Builder
	for row := range p.rows(p.panels[panel]) {
		for k, v := range row {
			if k > 0 {
				b.WriteByte(',')
			}
			b.WriteString(number(v))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// LabelsCSV returns the classes of the points, one a line.
func (p *Playground) LabelsCSV() string {
	var b strings.Builder
	for _, y := range p.state.Labels {
		b.WriteString(strconv.Itoa(y) + "\n")
	}
	return b.String()
}

// WeightsCSV returns the weights of a panel in the columns of gpw weigh --format csv. The
// error is that of [Playground.Frame].
func (p *Playground) WeightsCSV(panel int) (string, error) {
	e := p.panels[panel].evaluate(p.state.Labels, p.state.dimensions())
	if e.err != nil {
		return "", e.err
	}
	pooling, err := gpw.ParsePooling(p.state.Pooling)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString("anchor,candidate,positive,S,N,P,gradient,weight\n")
	for _, q := range gpw.FromGradientPooled(e.batch, e.g, pooling).Pairs {
		cells := []string{
			strconv.Itoa(q.Anchor), strconv.Itoa(q.Candidate), strconv.FormatBool(q.Positive),
			number(q.S), number(q.N), number(q.P), number(q.G), number(q.Weight()),
		}
		b.WriteString(strings.Join(cells, ",") + "\n")
	}
	return b.String(), nil
}

// number writes all digits of v, and nothing for a number that is not defined.
func number(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// Command returns the command that prints the numbers of a panel for its files.
func (p *Playground) Command(panel int) string {
	l := p.panels[panel].loss
	loss := text(l)
	if !l.IsFormula() && len(l.Params) == 0 && l.Miner == nil {
		loss = strings.TrimSuffix(l.Name+"."+l.Preset, ".")
	} else {
		loss = "'" + strings.ReplaceAll(loss, "'", `'\''`) + "'"
	}
	command := "gpw weigh --loss " + loss + " --embeddings " + EmbeddingsFile + " --labels " + LabelsFile
	if p.state.Pooling != "mean" {
		command += " --pooling " + p.state.Pooling
	}
	return command
}
