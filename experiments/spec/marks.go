package spec

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// YAML ends a text without quotes at a brace where it stands in a mapping that is written
// in braces. Because paths with {seed} stand there, the braces of the words that a path
// may have are hidden from the parser behind characters that no text has. Each is one
// character for one, so that columns stay.
const (
	hiddenOpen  = "\ue000"
	hiddenClose = "\ue001"
)

var (
	hider  = strings.NewReplacer(seedMark, hidden(seedMark), datasetMark, hidden(datasetMark))
	shower = strings.NewReplacer(hidden(seedMark), seedMark, hidden(datasetMark), datasetMark)
)

func hidden(mark string) string { return hiddenOpen + mark[1:len(mark)-1] + hiddenClose }

// hideMarks hides the marks of a text of YAML. A text that has the characters itself is
// returned as it is.
func hideMarks(source []byte) []byte {
	if bytes.Contains(source, []byte(hiddenOpen)) || bytes.Contains(source, []byte(hiddenClose)) {
		return source
	}
	return []byte(hider.Replace(string(source)))
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
