package spec

import (
	"slices"
	"strings"
	"testing"

	"gpwbench/losses"
)

func TestDidYouMean(t *testing.T) {
	known := []string{"contrastive", "triplet", "nca"}
	for name, want := range map[string]string{"tripelt": "triplet", "Contrastive": "contrastive", "nc": "nca", "histogram": "", "": ""} {
		got := DidYouMean(name, known)
		if want == "" && got != "" || want != "" && got != " (did you mean "+want+"?)" {
			t.Errorf("DidYouMean(%q) = %q, want %q", name, got, want)
		}
	}
}

// Losses are found by their names elsewhere, by initials, by a word of theirs and by a
// slip of the hand, and no letters within a word lead to one.
func TestNearestLoss(t *testing.T) {
	for name, want := range map[string]string{
		"ms": "multi_similarity", "circle_loss": "circle", "CircleLoss": "circle", "MultiSimilarityLoss": "multi_similarity", "TripletMarginLoss": "triplet",
		"NTXentLoss": "nt_xent", "InfoNCE": "nt_xent", "Multi-Similarity": "multi_similarity", "snn": "soft_nearest_neighbor", "deviance": "binomial_deviance",
		"contrastve": "contrastive", "SignalToNoiseRatioContrastiveLoss": "snr_contrastive", "GeneralizedLiftedStructureLoss": "lifted_generalized",
		"SupConLoss": "supcon", "ProxyNCALoss": "proxy_nca", "BatchHardTripletLoss": "batch_hard", "NCALoss": "nca", "FastAPLoss": "fastap", "npair": "npairs",
	} {
		_, _, err := parseLoss(name)
		if err == nil || !strings.Contains(err.Error(), "(did you mean "+want+"?)") && !strings.Contains(err.Error(), "(did you mean "+want+",") && !strings.Contains(err.Error(), "(did you mean "+want+" or") {
			t.Errorf("%s: error %v, want one that means %s first", name, err, want)
		}
	}
	for _, name := range []string{"all", "imilarity", "x", "", "-", "loss", strings.Repeat("contrastive", 1000)} {
		if _, _, err := parseLoss("\"" + name + "\""); err == nil || strings.Contains(err.Error(), "did you mean") {
			t.Errorf("%.20q: error %v, want one without a suggestion", name, err)
		}
	}
}

// A name from elsewhere leads to a loss that there is, and only where its spelling does
// not.
func TestOtherNames(t *testing.T) {
	var known []string
	for _, s := range append(slices.Clip(losses.Catalogue), losses.ProxyLosses...) {
		known = append(known, s.Name)
	}
	for name, loss := range otherNames {
		if !slices.Contains(known, loss) || name != bareName(name) || slices.Contains(known, name) {
			t.Errorf("%s leads to %s", name, loss)
		}
	}
}
