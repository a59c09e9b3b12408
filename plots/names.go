package plots

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gpwbench/analysis"
	"gpwbench/gpw"
)

// poolingName names the pooling of N and P: "mean", or "LSE" with its scale.
func poolingName(c *analysis.Scatter) string {
	if scale := c.Pooling.Scale; scale != 0 {
		return "LSE " + strconv.FormatFloat(scale, 'g', -1, 64)
	}
	return "mean"
}

// axisName names a similarity on an axis, with its pooling: in full, or short for a
// narrow panel.
func axisName(s gpw.Axis, c *analysis.Scatter, narrow bool) string {
	switch {
	case s == gpw.S && narrow:
		return "S"
	case s == gpw.S:
		return "similarity S"
	case narrow:
		return s.String() + " (" + poolingName(c) + ")"
	case s == gpw.N:
		return "N = S − " + poolingName(c) + " neg."
	}

	return "P = S − " + poolingName(c) + " pos."
}

// othersName names the pooled similarity of an anchor's others, from which N or P is
// counted: in full, or short for a narrow panel.
func othersName(s gpw.Axis, c *analysis.Scatter, narrow bool) string {
	name := map[gpw.Axis]string{gpw.N: "other negatives", gpw.P: "other positives"}[s]
	if narrow {
		name = map[gpw.Axis]string{gpw.N: "other neg.", gpw.P: "other pos."}[s]
	}
	return poolingName(c) + " of " + name
}

// othersNote defines them.
func othersNote(c *analysis.Scatter) string {
	pooled := "mean"
	if scale := c.Pooling.Scale; scale != 0 {
		pooled = "log-mean-exp at scale " + strconv.FormatFloat(scale, 'g', -1, 64)
	}
	return "S: similarity of the pair. The " + pooled + " of the anchor’s other negatives is S − N, and that of its other positives S − P."
}

// The sentences of notes.
const (
	weightDefinition = "w = |∂L/∂S| of an ordered pair (anchor, candidate)"
	oppositeNote     = "Below 0: the gradient has the opposite sign, so a positive is pushed away or a negative pulled closer."
)

// weightNote describes the weight that is drawn, with the number of anchors.
func weightNote(c *analysis.Scatter) string {
	return weightDefinition + ", drawn times the number of anchors, m = " + withThousands(c.Anchors) + "."
}

// memoryNote says which batches of a loss with a memory bank are drawn.
func memoryNote(clouds ...*analysis.Scatter) string {
	for _, c := range clouds {
		if c.Memory {
			return "Of a training with a memory bank, only batches compared with themselves, before the bank is used, are kept."
		}
	}
	return ""
}

// sourceNote names the source of the vectors, if it is known.
func sourceNote(c *analysis.Scatter) string {
	if c.Source == "" {
		return ""
	}
	return "Data: " + c.Source + "."
}

// similaritiesNote defines N and P.
func similaritiesNote(c *analysis.Scatter) string {
	if scale := c.Pooling.Scale; scale != 0 {
		number := strconv.FormatFloat(scale, 'g', -1, 64)
		return "S: similarity of the pair. N, P: S less the log-mean-exp, at scale " + number +
			", of the anchor’s other negatives (a soft maximum), positives (a soft minimum)."
	}
	return "S: similarity of the pair. N, P: S less its mean over the anchor’s other negatives, positives."
}

// atStep returns the step of a training that a batch is from, or "" for any other batch.
func atStep(c *analysis.Scatter) string {
	if c.Step == analysis.NoStep {
		return ""
	}
	return " at step " + withThousands(c.Step)
}

// severalSteps reports whether batches are from different steps. Then each has its step
// in its name, and the figure has none in its title.
func severalSteps(batches []*analysis.Scatter) bool {
	return slices.ContainsFunc(batches, func(b *analysis.Scatter) bool { return b.Step != batches[0].Step })
}

// atOneStep is [atStep] for batches of one step, and "" otherwise.
func atOneStep(batches []*analysis.Scatter) string {
	if severalSteps(batches) {
		return ""
	}
	return atStep(batches[0])
}

// nameAmong returns the title of a batch, with its step where others have other steps.
func nameAmong(batch *analysis.Scatter, batches []*analysis.Scatter) string {
	if severalSteps(batches) {
		return batch.Title + atStep(batch)
	}
	return batch.Title
}

// stepField formats the step in a CSV.
func stepField(c *analysis.Scatter) string {
	if c.Step == analysis.NoStep {
		return ""
	}
	return strconv.Itoa(c.Step)
}

// hasOpposite reports whether a pair has a weight below zero.
func hasOpposite(clouds ...*analysis.Scatter) bool {
	for _, c := range clouds {
		if c.Summary(true).Opposite+c.Summary(false).Opposite > 0 {
			return true
		}
	}
	return false
}

// captionLines returns the parameters of each loss, with its title if there are several.
func captionLines(clouds []*analysis.Scatter) []string {
	var all []string
	several := false
	for _, c := range clouds {
		several = several || c.Title != clouds[0].Title || c.Caption != clouds[0].Caption
	}

	if !several {
		return []string{parameters(clouds[0].Caption)}
	}
	seen := map[string]bool{}

	for _, c := range clouds {
		line := c.Title + ": " + parameters(c.Caption)
		if !seen[line] {
			seen[line] = true
			all = append(all, line)
		}
	}

	return all
}

// joinTitles joins the titles of losses, each once.
func joinTitles(clouds []*analysis.Scatter) string {
	var names []string
	for _, c := range clouds {
		if len(names) == 0 || names[len(names)-1] != c.Title {
			names = append(names, c.Title)
		}
	}
	return strings.Join(names, ", ")
}

// compactNumber formats a weight with two digits, and whole from 10 on. One below 0.001
// or from a million on has a power of ten, written raised.
func compactNumber(v float64) []run {
	if size := math.Abs(v); size >= 10 && size < 999_999.5 {
		text := withThousands(int(math.Round(size)))
		if v < 0 {
			text = "−" + text
		}
		return []run{{text, false}}
	}
	mantissa, exponent, scientific := strings.Cut(strconv.FormatFloat(v, 'g', 2, 64), "e")
	mantissa = strings.Replace(mantissa, "-", "−", 1)
	if !scientific {
		return []run{{mantissa, false}}
	}
	power, err := strconv.Atoi(exponent)
	if err != nil {
		panic("plots: the exponent of " + exponent)
	}
	return []run{{mantissa + " · 10", false}, {formatDecimal(float64(power), 0), true}}
}

// lowerFirst puts the first letter of a sentence after a colon in lower case.
func lowerFirst(sentence string) string { return strings.ToLower(sentence[:1]) + sentence[1:] }
