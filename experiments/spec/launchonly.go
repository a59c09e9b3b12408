package spec

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// ParseLaunch reads a launch from overrides alone, such as launch.cpus=4, for work that
// has no spec. The error is a [SpecError], also for an override of any other key.
func ParseLaunch(overrides []string) (Launch, error) {
	d := newDecoder("", nil, nil)
	d.overrides = overrides
	l := Launch{Requeues: DefaultRequeues}
	root := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for k, o := range overrides {
		if !strings.HasPrefix(o, "launch.") {
			d.add(&yaml.Node{Line: -1 - k}, "there is no spec whose keys could be set, only launch.KEY=VALUE, such as launch.cpus=4")
			continue
		}
		d.override(root, k, o)
	}
	if len(d.found) == 0 {
		d.mapping(root, "the command line", field{"launch", func(n *yaml.Node) { d.launch(n, &l) }})
	}
	return l, d.err()
}
