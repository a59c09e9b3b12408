package losses

import (
	"math"
	"testing"
)

// TestEdges asks where hinges, thresholds and ties stand exactly: one anchor of class
// 1, and similarities whose distances have no rounding: d = 1 at S = ½, ½ at S = ⅞, 2
// at S = −1. A random batch has none of them.
func TestEdges(t *testing.T) {
	const half, near, opposite = 0.5, 0.875, -1 // distances 1, ½, 2
	mined := MultiSimilarityMiner{Eps: 0.125}
	for _, c := range []struct {
		name       string
		loss       Loss
		pos, neg   []float64
		gPos, gNeg []float64
		value      float64
	}{
		{"a negative at λ is not pushed, one beyond by a hair is", Mean(Contrastive{Lambda: half}),
			nil, []float64{half, half + 1e-9}, nil, []float64{0, 1}, 1e-9},
		{"mining keeps no pair at ε", MeanMined(mined, Contrastive{Lambda: -1}),
			[]float64{0.25, 0.625}, []float64{0.125, 0.5}, []float64{-1, 0}, []float64{0, 1}, 0.75 + 1.5},
		{"a pair at its margin does not count in the divisor", Mean(Margin{Margin: 0.25, Beta: 0.75}),
			[]float64{near, half}, []float64{half, near}, []float64{0, -0.5}, []float64{0, 1}, (0.5 + 0.5) / 2},
		{"at its threshold it does", MeanPerSide(TCM{LambdaPos: 1, LambdaNeg: 1, MarginPos: 0.75, MarginNeg: 0.5}),
			[]float64{0.75, 0.5}, []float64{0.5, 0.75}, []float64{-0.5, -0.5}, []float64{0.5, 0.5}, 0.125 + 0.125},
		{"nor does a distance at its margin", MeanPerSide(ContrastiveLinear{PosMargin: 0.5, NegMargin: 1, Metric: "distance"}),
			[]float64{near, half}, []float64{half, near}, []float64{0, -1}, []float64{0, 2}, 0.5 + 0.5},
		{"a triplet at its margin is not violated", Mean(TripletCosine{Margin: 0.25}),
			[]float64{0.75, 0.5}, []float64{half, 0}, []float64{0, -0.25}, []float64{0.25, 0}, 0.25 / 4},
		{"nor one of distances", Mean(TripletHinge{Margin: 0.5, Metric: "distance", SelectRows: "all"}),
			[]float64{near}, []float64{half}, []float64{0}, []float64{0}, 0},
		{"equal distances are hard", Mean(TripletHinge{Margin: 0.5, Metric: "distance", SelectRows: "hard"}),
			[]float64{half}, []float64{half}, []float64{-1}, []float64{1}, 0.5},
		{"and not semi-hard", Mean(TripletHinge{Margin: 0.5, Metric: "distance", SelectRows: "semihard"}),
			[]float64{half}, []float64{half}, []float64{0}, []float64{0}, 0},
		{"of equal positives and negatives the first are the hardest", Mean(BatchHard{Margin: 0.5, Metric: "distance"}),
			[]float64{near, half, half}, []float64{half, half}, []float64{0, -1, 0}, []float64{1, 0}, 0.5},
		{"of equal negatives the first is taken", Mean(TripletNextHardest{Margin: 1, Metric: "distance"}),
			[]float64{near}, []float64{opposite, half, half}, []float64{-2}, []float64{0, 1, 0}, 0.5},
		{"a shut hinge of lifted structure", Mean(LiftedStructure{Lambda: 0.5}),
			[]float64{0.75}, []float64{0.25}, []float64{0}, []float64{0}, 0},
		{"shut by little", Mean(LiftedStructure{Lambda: 0.4375}),
			[]float64{0.75}, []float64{0.25}, []float64{0}, []float64{0}, 0},
		{"and open", Mean(LiftedStructure{Lambda: 0.5625}),
			[]float64{0.75}, []float64{0.25}, []float64{-1}, []float64{1}, 0.0625},
		{"a shut hinge of generalised lifted structure", Mean(LiftedGeneralized{Margin: 0.4375}),
			[]float64{near}, []float64{half}, []float64{0}, []float64{0}, 0},
		{"and open", Mean(LiftedGeneralized{Margin: 0.5625}),
			[]float64{near}, []float64{half}, []float64{-2}, []float64{1}, 0.0625},
		{"a violation of size 0 is none", Mean(RankedList{Alpha: 1, Margin: 0.5, TempPos: 0, TempNeg: 0, Lambda: 0.5}),
			[]float64{near, half}, []float64{half, near}, []float64{0, -0.5}, []float64{0, 1}, 0.25 + 0.25},
		{"a negative as near as the positive is not semi-hard", MeanMined(EasyHardMiner{Positive: "easy", Negative: "semihard"}, Contrastive{Lambda: -1}),
			[]float64{half}, []float64{half, 0.25}, []float64{-1}, []float64{0, 1}, 0.5 + 1.25},
		{"pairs at the margins of the pair-margin miner are left out", MeanMined(PairMarginMiner{PosMargin: 1, NegMargin: 0.5, Metric: "distance"}, Contrastive{Lambda: -1}),
			[]float64{half, 0}, []float64{near, 1}, []float64{0, -1}, []float64{0, 1}, 1 + 2},
		{"ArcFace beyond π − m is a line", Mean(ArcFace{Margin: 30, Scale: 1}),
			[]float64{opposite}, []float64{-1 - math.Pi/12}, []float64{-0.5}, []float64{0.5}, math.Ln2},
		{"a negative at the second cut-off is not drawn", MeanMined(DistanceWeightedMiner{Dim: 4, Cutoff: 0.5, Nonzero: 1}, Contrastive{Lambda: -1}),
			[]float64{0.75, 0.75}, []float64{half, near}, []float64{-1, -1}, []float64{0, 1}, 0.5 + 1.875},
		{"the last node of the histogram has all of C", DynamicSoftMargin{Bins: 4},
			[]float64{opposite}, []float64{1}, []float64{-0.5}, []float64{0}, 2},
	} {
		classes := []int{}
		for range c.pos {
			classes = append(classes, 1)
		}
		for k := range c.neg {
			classes = append(classes, 2+k)
		}
		s := append(append([]float64{}, c.pos...), c.neg...)
		b, err := NewCross(s, []int{1}, classes, nil)
		if err != nil {
			t.Fatal(err)
		}
		g := make([]float64, len(s))
		if value := c.loss.Eval(b, g); math.Abs(value-c.value) > 1e-15 {
			t.Errorf("%s: L = %v, want %v", c.name, value, c.value)
		}
		for k, want := range append(append([]float64{}, c.gPos...), c.gNeg...) {
			if math.Abs(g[k]-want) > 1e-14 {
				t.Errorf("%s: G = %v, want %v and %v", c.name, g, c.gPos, c.gNeg)
				break
			}
		}
	}
}

// TestHingeOfLiftedSong: a positive pair at ½ whose negatives are all at 2 has J = ½ +
// μ − 2 + log 2, below 0 for μ = 0.
func TestHingeOfLiftedSong(t *testing.T) {
	s := []float64{1, 0.875, -1, 0.875, 1, -1, -1, -1, 1}
	value, g := evaluate(t, LiftedSong{Margin: 0}, s, []int{0, 0, 1})
	if value != 0 || maxAbs(g) != 0 {
		t.Errorf("shut: L = %v and G = %v, want 0", value, g)
	}
	j := 0.5 + 1 - 2 + math.Ln2
	if value, _ := evaluate(t, LiftedSong{Margin: 1}, s, []int{0, 0, 1}); math.Abs(value-j*j/2) > 1e-15 {
		t.Errorf("open: L = %v, want %v", value, j*j/2)
	}
}

// TestWithoutNegatives: positive pairs whose anchor has lost its negatives to a miner
// have the value 0 and count.
func TestWithoutNegatives(t *testing.T) {
	miner := PairMarginMiner{PosMargin: 1, NegMargin: 0.25, Metric: "cosine"} // keeps negatives beyond 0.25
	for _, l := range []AnchorLoss{NPairs{Scale: 1}, NTXent{Temperature: 1}, NCA{Scale: 0.5}, TupletMargin{Margin: 0, Scale: 1}} {
		b, err := NewCross([]float64{0.5, 0.5, 0.5, 0}, []int{1, 1}, []int{1, 2}, nil)
		if err != nil {
			t.Fatal(err)
		}
		g := make([]float64, 4)
		if value := MeanMined(miner, l).Eval(b, g); math.Abs(value-math.Ln2/2) > 1e-15 {
			t.Errorf("%T: L = %v, want log 2 over two pairs", l, value)
		}
	}
}

// TestCapOfRecall: three positives are found within the first k = 1 more than once,
// which counts as once and has no gradient.
func TestCapOfRecall(t *testing.T) {
	b, err := NewCross([]float64{0.75, 0.5, 0.25, 0}, []int{1}, []int{1, 1, 1, 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	g := make([]float64, 4)
	if value := Mean(RecallAtK{K: 1, TempRank: 10, Temperature: 0.01}).Eval(b, g); value != 0 || maxAbs(g) != 0 {
		t.Errorf("L = %v, G = %v, want 0", value, g)
	}
}
