package cli

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// Every verb without what it needs says so in a sentence with an example of that verb,
// which has enough. A word too many is named.
func TestOperands(t *testing.T) {
	verbs := 0
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		for _, c := range cmd.Commands() {
			visit(c)
		}
		words := strings.Fields(cmd.CommandPath())[1:]
		if cmd.HasSubCommands() || len(words) == 0 || cmd.Args == nil || cmd.Args(cmd, nil) == nil {
			return
		}
		verbs++

		var said bytes.Buffer
		code := Main(words, io.Discard, &said)
		sentence, example, found := strings.Cut(strings.TrimSpace(said.String()), ", for example: ")
		if code != exitUsage || !found || !strings.HasPrefix(sentence, "gpw: "+cmd.Name()+" needs ") || strings.Contains(sentence, "arg") {
			t.Errorf("%s: code %d, %s", cmd.CommandPath(), code, &said)
		}
		if operands, ok := strings.CutPrefix(example, cmd.CommandPath()+" "); !ok || cmd.Args(cmd, strings.Fields(operands)[:1]) != nil && cmd.Args(cmd, strings.Fields(operands)[:2]) != nil {
			t.Errorf("%s: the example is %q", cmd.CommandPath(), example)
		}
	}
	visit(newRoot(io.Discard, io.Discard))
	if verbs < 10 {
		t.Errorf("%d verbs need something", verbs)
	}

	var said bytes.Buffer
	if code := Main([]string{"table", "one", "two"}, io.Discard, &said); code != exitUsage || !strings.Contains(said.String(), `"two" is too much: table takes a results folder`) {
		t.Errorf("code %d, %s", code, &said)
	}
}
