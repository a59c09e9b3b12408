package spec

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"gpwbench/benchmarks/metrics"
	"gpwbench/experiments/protocol"
	"gpwbench/results"
)

// also reads the metrics of the catalogue that are measured beside those with keys of
// their own. Their order has no meaning, so it is that of tables.
func (d *decoder) also(n *yaml.Node) []string {
	var keys []string
	d.list(n, "metrics.also", func(e *yaml.Node) {
		if e.Kind != yaml.ScalarNode {
			d.add(e, "metrics.also must be a list of names, such as [mrr, ndcg@10]")
			return
		}
		named, err := alsoNamed(e.Value)
		if err != nil {
			d.add(e, "metrics.also: %v", err)
			return
		}
		keys = append(keys, named...)
	})
	slices.SortFunc(keys, results.CompareMetrics)
	return slices.Compact(keys)
}

// metricNames reads a list of names alone, which asks for metrics as the keys of the
// block do: recall@16 for recall_at, nmi for clustering, and others for also. What it
// does not name stays as it is.
func (d *decoder) metricNames(n *yaml.Node, m *results.MetricSettings) {
	var ks []int
	var also []string
	for _, e := range n.Content {
		if e.Kind != yaml.ScalarNode {
			d.add(e, "metrics must be a list of names, such as [mrr, ndcg@10], or a mapping of keys to values")
			continue
		}
		asked, err := metrics.Parse(e.Value, nil)
		if err != nil {
			d.add(e, "metrics: %v", strings.TrimPrefix(err.Error(), "metrics: "))
			continue
		}
		for _, a := range asked {
			switch own, k := ownKey(a.Key()); own {
			case "recall_at":
				ks = append(ks, k)
			case "clustering":
				m.Clustering = true
			case "map_at_r":
				m.MAPAtR = true
			default:
				also = append(also, a.Key())
			}
		}
	}

	if ks != nil {
		slices.Sort(ks)
		m.RecallAt = slices.Compact(ks)
	}
	slices.SortFunc(also, results.CompareMetrics)
	m.Also = slices.Compact(also)
}

// alsoNamed returns the keys of a metric, or of those of a family that the other settings
// do not ask for.
func alsoNamed(name string) ([]string, error) {
	asked, err := metrics.Parse(name, nil)
	if err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "metrics: "))
	}
	var keys []string
	for _, a := range asked {
		own := ownSetting(a.Key())
		if own != "" && len(asked) == 1 {
			return nil, fmt.Errorf("%s is asked for by %s; leave it out here", a.Key(), own)
		}
		if own == "" {
			keys = append(keys, a.Key())
		}
	}
	return keys, nil
}

// ownKey is the key of the block that asks for a metric, with its K for recall_at; "" for
// the metrics that also asks for.
func ownKey(metric string) (key string, k int) {
	m, k, _ := results.FindMetric(metric)
	switch {
	case m.Asked == nil:
		return "", 0
	case m.PerK:
		return "recall_at", k
	case m.Name == results.NMI || m.Name == results.AMI:
		return "clustering", 0
	}
	return "map_at_r", 0
}

// ownSetting is the setting that asks for a metric, "" for one of the others.
func ownSetting(metric string) string {
	switch key, k := ownKey(metric); key {
	case "":
		return ""
	case "recall_at":
		return fmt.Sprintf("metrics.recall_at: [%d]", k)
	default:
		return "metrics." + key + ": true"
	}
}

// judgedBy replaces the field metric of a protocol that chooses by any metric that
// [protocol.Judge] accepts.
func (d *decoder) judgedBy(fields []field, p *protocol.Protocol) {
	k := slices.IndexFunc(fields, func(f field) bool { return f.key == "metric" })
	if _, ok := (*p).(protocol.Holdout); !ok || k < 0 {
		return
	}
	fields[k].read = func(n *yaml.Node) {
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
			d.add(n, "metric must be the name of one metric, such as map_at_r or ndcg@10")
			return
		}
		name, err := protocol.Judge(n.Value)
		if err != nil {
			d.add(n, "metric: %v", err)
			return
		}
		h := (*p).(protocol.Holdout)
		h.Metric = name
		*p = h
	}
}
