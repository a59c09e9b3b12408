package spec

import (
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"
)

// pathField reads the path of a file that a run reads.
func (d *decoder) pathField(key string, to *string) field {
	read := d.stringField(key, to).read
	return field{key, func(n *yaml.Node) {
		before := len(d.found)
		if read(n); len(d.found) == before {
			*to = d.located(n)
		}
	}}
}

// located is the path of a node, from the working directory. One in a file is relative to
// that file, as a user expects who runs a spec of another folder; one on a command line
// is relative to the working directory, as every path there.
func (d *decoder) located(n *yaml.Node) string {
	dir := filepath.Dir(d.file)
	if dir == "." || !isRelative(n.Value) {
		return n.Value
	}
	if n.Line >= 0 {
		return filepath.Join(dir, n.Value)
	}
	if path, err := filepath.Abs(n.Value); err == nil { // told apart when the spec is copied
		n.Value = path
	}
	return n.Value
}

// isRelative reports whether a path begins in a folder that it does not name. The value
// of a variable is of the shell, and relative to the working directory.
func isRelative(path string) bool {
	return path != "" && !filepath.IsAbs(path) && !strings.HasPrefix(path, "$") && !strings.HasPrefix(path, "~")
}

// Resolved is [Spec.Source] with absolute paths in place of relative ones, so that a copy
// of the spec in another folder means the same files. $VARIABLES and ~ stay.
func (s *Spec) Resolved() ([]byte, error) {
	checked, err := s.reread()
	if err != nil {
		return nil, err
	}
	source := checked.origin.source
	d := newDecoder("", source, nil)
	root := d.document(source)
	if root == nil {
		return source, nil // it was parsed before
	}

	changed := false
	for _, n := range pathNodes(root) {
		if !isRelative(n.Value) {
			continue
		}
		path, err := filepath.Abs(filepath.Join(checked.origin.dir, n.Value))
		if err != nil {
			return nil, err
		}
		n.Value, changed = path, true
	}
	if !changed {
		return source, nil
	}
	return yaml.Marshal(root)
}

// pathKeys are the keys of a data set that are paths.
var pathKeys = []string{"features", "labels", "partition", "layout", "paths", "groups"}

// pathNodes are the values of a document that are paths of files.
func pathNodes(root *yaml.Node) []*yaml.Node {
	var all []*yaml.Node
	add := func(of *yaml.Node, keys ...string) {
		for _, key := range keys {
			if n := lookup(of, key); n != nil && n.Kind == yaml.ScalarNode {
				all = append(all, n)
			}
		}
	}
	each := func(key string, read func(n *yaml.Node)) {
		n := lookup(root, key)
		switch {
		case n == nil:
		case n.Kind == yaml.MappingNode: // a list of one
			read(n)
		default:
			for _, e := range n.Content {
				read(e)
			}
		}
	}

	each("datasets", func(n *yaml.Node) {
		add(n, pathKeys...)
		for _, part := range partKeys {
			if files := lookup(n, part); files != nil {
				add(files, "features", "labels")
			}
		}
	})
	each("losses", func(n *yaml.Node) { add(n, "embeddings") })
	return all
}

// Dir is the folder that the relative paths of the spec's source are relative to: that of
// its file, as it was named.
func (s *Spec) Dir() string {
	if s == nil || s.origin == nil {
		return "."
	}
	return s.origin.dir
}
