package slurm

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// DefaultMaxArraySize is Slurm's own MaxArraySize.
const DefaultMaxArraySize = 1001

var maxArraySize = regexp.MustCompile(`(?m)^MaxArraySize\s*=\s*([0-9]+)`)

// MaxArraySize is how many tasks an array may have, because the greatest index is one
// below the cluster's MaxArraySize. 0 says that the cluster takes no arrays.
func (c Client) MaxArraySize(ctx context.Context) (int, error) {
	out, err := c.run(ctx, nil, "scontrol", "show", "config")
	if err != nil {
		return 0, err
	}
	m := maxArraySize.FindStringSubmatch(out)
	if m == nil {
		return DefaultMaxArraySize, nil
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return DefaultMaxArraySize, nil
	}
	return n, nil
}

// A Partition is what a partition's nodes have at the most.
type Partition struct {
	Name    string
	CPUs    int
	MiB     int
	Seconds int // the time limit; 0 for none
}

// Partitions lists the partitions, in the order of sinfo.
func (c Client) Partitions(ctx context.Context) ([]Partition, error) {
	out, err := c.run(ctx, nil, "sinfo", "--noheader", "--exact", "--format=%R|%c|%m|%l")
	if err != nil {
		return nil, err
	}
	var all []Partition
	for _, line := range strings.Split(out, "\n") {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 4 {
			continue
		}
		k := slices.IndexFunc(all, func(p Partition) bool { return p.Name == cells[0] })
		if k < 0 {
			k, all = len(all), append(all, Partition{Name: cells[0], Seconds: Seconds(cells[3])})
		}
		all[k].CPUs = max(all[k].CPUs, number(cells[1]))
		all[k].MiB = max(all[k].MiB, number(cells[2]))
	}
	return all, nil
}

// partitionsOr has none where they cannot be asked for.
func (c Client) partitionsOr(ctx context.Context) []Partition {
	all, err := c.Partitions(ctx)
	if err != nil {
		return nil
	}
	return all
}

// number reads the digits that a text begins with.
func number(text string) int {
	end := len(text) - len(strings.TrimLeft(text, "0123456789"))
	n, _ := strconv.Atoi(text[:end])
	return n
}
