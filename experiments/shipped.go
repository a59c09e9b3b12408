package experiments

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"gpwbench/losses"
)

//go:embed *.yaml
var shipped embed.FS

// Shipped returns the names of the shipped specs.
func Shipped() []string {
	entries, err := shipped.ReadDir(".")
	if err != nil {
		panic(err) // the embedded folder is always there
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// Open reads and checks a spec by the name of a shipped one or by the path of a file, which has a slash or ends in .yaml or .yml.
func Open(name string, overrides []string, catalogue []losses.Spec) (*Spec, error) {
	isPath := strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
	if isPath {
		source, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, &SpecError{Problems: []string{fmt.Sprintf("%s: no such file; the shipped specs are %s", name, strings.Join(Shipped(), ", "))}}
		}
		if err != nil {
			return nil, err
		}
		return Parse(name, source, overrides, catalogue)
	}
	source, err := shipped.ReadFile(name + ".yaml")
	if err != nil {
		return nil, &SpecError{Problems: []string{fmt.Sprintf("no shipped spec %q%s; there are %s; a file of your own needs its path, such as ./%s.yaml",
			name, DidYouMean(name, Shipped()), strings.Join(Shipped(), ", "), name)}}
	}
	return Parse(name+".yaml", source, overrides, catalogue)
}
