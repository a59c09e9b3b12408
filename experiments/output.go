package experiments

import (
	"gopkg.in/yaml.v3"

	"gpwbench/results"
)

// output is what the experiment writes into its folder beside the files of its runs.
func (r *runner) output(p results.Plan, jobs [][]job) results.Output {
	o := results.Output{Plan: p, Spec: r.source, SpecFile: r.SpecFile, SpecName: specName}
	if r.Figures != nil {
		o.Figures = r.Figures.Names
	}
	for _, js := range jobs {
		for _, j := range js {
			if len(j.Keep) > 0 {
				o.Kept = append(o.Kept, p.Place(j.record))
			}
		}
	}
	return o
}

// specName reads the name of an experiment from a spec that has the layout that YAML's
// encoder gives it, and "" from any other.
func specName(spec []byte) string {
	var doc yaml.Node
	if yaml.Unmarshal(spec, &doc) != nil || len(doc.Content) == 0 {
		return ""
	}

	root := doc.Content[0]
	again, err := yaml.Marshal(root)
	if err != nil || string(again) != string(spec) || root.Kind != yaml.MappingNode {
		return ""
	}

	for k := 0; k+1 < len(root.Content); k += 2 {
		if root.Content[k].Value == "name" {
			return root.Content[k+1].Value
		}
	}

	return ""
}
