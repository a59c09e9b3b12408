package train

import (
	"math"

	"gpwbench/losses"
	"gpwbench/matrix"
)

// means are what a loss with the trait losses.ReadsVectorMeans reads beside S, u_i = Σ_k E_ik/√dim, and the way back: ∂L/∂u_i/√dim for every coordinate of
// E_i. Only the embeddings of the batch have a gradient; those in a memory are constants.
type means struct {
	anchors, candidates []float64
	memory              []float64 // behind candidates
}

func newMeans(anchors, most int) *means {
	return &means{anchors: make([]float64, anchors), memory: make([]float64, most)}
}

// read takes the means of the batch and of the candidates.
func (m *means) read(e, candidates matrix.Matrix) {
	m.candidates = m.memory[:candidates.Rows]
	for i := range m.anchors {
		m.anchors[i] = losses.ScaledMean(e.Row(i))
	}
	for j := range m.candidates {
		m.candidates[j] = losses.ScaledMean(candidates.Row(j))
	}
}

// learn adds the part of ∂L/∂E that goes through the means to de. itself says that the candidates are the batch.
func (m *means) learn(de matrix.Matrix, b *losses.Batch, itself bool) {
	byAnchors, byCandidates := b.MeansGradient()
	for i, d := range byAnchors {
		if itself {
			d += byCandidates[i]
		}
		d /= math.Sqrt(float64(de.Cols))
		row := de.Row(i)
		for k := range row {
			row[k] += float32(d)
		}
	}
}
