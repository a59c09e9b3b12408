package experiments

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"gpwbench/experiments/spec"
	"gpwbench/internal/input"
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

// Open reads and checks a spec by the name of a shipped one or by the path of a file,
// which has a slash or ends in .yaml or .yml.
func Open(name string, overrides []string, catalogue []losses.Spec) (*spec.Spec, error) {
	isPath := strings.ContainsAny(name, `/\`) || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
	if isPath {
		source, err := readSpec(name)
		if err != nil {
			return nil, &spec.SpecError{Problems: []string{err.Error()}}
		}
		return spec.Parse(name, source, overrides, catalogue)
	}

	source, err := shipped.ReadFile(name + ".yaml")
	if err != nil {
		return nil, &spec.SpecError{Problems: []string{fmt.Sprintf("no shipped spec %q%s; there are %s; a file of your own needs its path, such as ./%s.yaml",
			name, spec.DidYouMean(name, Shipped()), strings.Join(Shipped(), ", "), name)}}
	}

	return spec.Parse(name+".yaml", source, overrides, catalogue)
}

// readSpec reads the text of a spec from a file.
func readSpec(path string) ([]byte, error) {
	f, size, err := input.Open(path)
	switch kind := new(input.KindError); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: no such file; the shipped specs are %s", path, strings.Join(Shipped(), ", "))
	case errors.As(err, &kind):
		return nil, fmt.Errorf("%w; give the YAML file of a spec", err)
	case err != nil:
		return nil, fmt.Errorf("%w; a spec must be readable", err)
	}

	defer f.Close()
	if size > spec.MostBytes {
		return nil, fmt.Errorf("%s has %d bytes, and a spec at most %d; give the YAML file of a spec", path, size, spec.MostBytes)
	}

	// A file may grow, and then tree refuses it.
	source, err := io.ReadAll(io.LimitReader(f, spec.MostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%w; a spec must be readable", err)
	}
	return source, nil
}
