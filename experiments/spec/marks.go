package spec

import (
	"bytes"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// YAML ends a text without quotes at a brace where it stands in a mapping that is written
// in braces. Because paths with {seed} stand there, the braces of the words that a path
// may have are hidden from the parser behind characters that no text has. Each is one
// character for one, so that columns stay.
//
// A word in braces that a path does not know is hidden too where it stands within a text,
// as in ms_{sed}.npy, so that it is refused by its name. One that YAML could take for a
// mapping of its own is not.
const (
	hiddenOpen  = "\ue000"
	hiddenClose = "\ue001"
)

var (
	hider  = strings.NewReplacer(seedMark, hidden(seedMark), datasetMark, hidden(datasetMark))
	shower = strings.NewReplacer(hiddenOpen, "{", hiddenClose, "}")

	// What is not at the begin or the end of a value of YAML, beside a word in braces.
	beforeWord = regexp.MustCompile(`([^\s\[{,:"'])\{([^\s{}\[\],"']*)\}`)
	afterWord  = regexp.MustCompile(`\{([^\s{}\[\],"']+)\}([^\s\]},:#"'{])`)
)

func hidden(mark string) string { return hiddenOpen + mark[1:len(mark)-1] + hiddenClose }

// hideMarks hides the marks of a text of YAML. A text that has the characters itself is
// returned as it is.
func hideMarks(source []byte) []byte {
	if bytes.Contains(source, []byte(hiddenOpen)) || bytes.Contains(source, []byte(hiddenClose)) {
		return source
	}
	text := hider.Replace(string(source))
	text = beforeWord.ReplaceAllString(text, "${1}"+hiddenOpen+"${2}"+hiddenClose)
	return []byte(afterWord.ReplaceAllString(text, hiddenOpen+"${1}"+hiddenClose+"${2}"))
}

// showMarks puts hidden marks back, below n too. Nodes may be met twice.
func showMarks(n *yaml.Node) {
	for _, text := range []*string{&n.Value, &n.HeadComment, &n.LineComment, &n.FootComment} {
		*text = shower.Replace(*text)
	}
	for _, c := range n.Content { // an alias has none
		showMarks(c)
	}
}
