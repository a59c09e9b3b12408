package spec

import "gopkg.in/yaml.v3"

// EncodedName returns the name of a spec that has the layout of YAML's encoder, as specs
// have that were written with overrides, and "" for any other text.
func EncodedName(source []byte) string {
	var doc yaml.Node
	if yaml.Unmarshal(source, &doc) != nil || len(doc.Content) == 0 {
		return ""
	}

	root := doc.Content[0]
	again, err := yaml.Marshal(root)
	if err != nil || string(again) != string(source) || root.Kind != yaml.MappingNode {
		return ""
	}

	for k := 0; k+1 < len(root.Content); k += 2 {
		if root.Content[k].Value == "name" {
			return root.Content[k+1].Value
		}
	}

	return ""
}
