package spec

import (
	"slices"
	"strings"
)

// mostLetters is the greatest length of a name that is compared with the known ones; the
// time is proportional to the product of the lengths.
const mostLetters = 100

// DidYouMean returns " (did you mean X?)" for the known name nearest to name, or "" if
// none is near.
func DidYouMean(name string, known []string) string {
	if len(name) > mostLetters {
		return ""
	}

	best, distance := "", 1+max(1, len(name)/3)
	bare := bareName(name)
	for _, k := range known {
		d := editDistance(strings.ToLower(name), strings.ToLower(k))
		if other := bareName(k); bare != "" && other != "" { // N-pairs is near npair
			d = min(d, editDistance(bare, other))
		}
		if d < distance {
			best, distance = k, d
		}
	}

	if best == "" {
		return ""
	}
	return oneOf([]string{best})
}

// otherNames are names of losses elsewhere (pytorch-metric-learning,
// sentence-transformers, papers) that have no similar spelling here, in the form of
// bareName.
var otherNames = map[string]string{
	"additiveangularmargin":         "arcface",
	"additivemargin":                "cosface",
	"batchalltriplet":               "triplet",
	"generalizedliftedstructure":    "lifted_generalized",
	"infonce":                       "nt_xent",
	"largemargincosine":             "cosface",
	"multiplenegativesranking":      "npairs_mc",
	"neighborhoodcomponents":        "nca",
	"neighbourhoodcomponents":       "nca",
	"signaltonoiseratiocontrastive": "snr_contrastive",
	"simclr":                        "nt_xent",
	"supervisedcontrastive":         "supcon",
}

// bareName returns a name without the differences between libraries: capitals, hyphens,
// and the word loss at the end.
func bareName(name string) string {
	letters := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	return strings.TrimSuffix(letters, "loss")
}

// nearest returns at most three of the known names, the nearest first: a name that is
// used elsewhere or differs only in its writing, initials included; then names at a small
// edit distance, or with a word that begins with name.
func nearest(name string, known []string) []string {
	if len(name) > mostLetters {
		return nil
	}

	const part, most = 3, 3 // letters, names
	name = strings.ToLower(name)
	bare := bareName(name)
	distance := map[string]int{}
	var near []string
	for _, k := range known {
		d := min(editDistance(name, k), editDistance(bare, bareName(k)))
		switch {
		case otherNames[bare] == k || len(bare) > 1 && (bare == bareName(k) || bare == initials(k)):
			d = 0
		// For example TripletMarginLoss.
		case len(bareName(k)) >= part && strings.HasPrefix(bare, bareName(k)):
			d = min(d, 1)
		case d > max(1, len(name)/3) && (len(bare) < part || !beginsWord(k, bare)):
			continue
		}
		near, distance[k] = append(near, k), d
	}

	slices.SortStableFunc(near, func(a, b string) int { return distance[a] - distance[b] })
	return near[:min(most, len(near))]
}

// initials returns the first letters of a name of several words.
func initials(name string) string {
	words := strings.Split(name, "_")
	if len(words) == 1 {
		return ""
	}
	text := ""
	for _, w := range words {
		text += w[:min(1, len(w))]
	}
	return text
}

// beginsWord reports whether a word of the name begins with the letters.
func beginsWord(name, letters string) bool {
	words := strings.Split(name, "_")
	for k := range words {
		if strings.HasPrefix(strings.Join(words[k:], ""), letters) {
			return true
		}
	}
	return false
}

// oneOf returns " (did you mean X, Y or Z?)", or "" without names.
func oneOf(names []string) string {
	if len(names) == 0 {
		return ""
	}
	last := len(names) - 1
	text := names[last]
	if last > 0 {
		text = strings.Join(names[:last], ", ") + " or " + text
	}
	return " (did you mean " + text + "?)"
}

// editDistance counts insertions, deletions, substitutions and swaps of neighbours.
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}

	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}

	return rows[len(x)][len(y)]
}
