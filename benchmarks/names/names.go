// Package names holds the names of the benchmarks, each once.
//
// Specs, records, tables and data sets all name benchmarks. Some of these packages must
// not need features and their evaluation, so the names stand apart from package
// [gpwbench/benchmarks/datasets], which holds what the benchmarks contain. This package
// imports nothing.
package names

import "slices"

// A Benchmark is how a data set of the literature is called.
type Benchmark struct {
	Name       string // in specs, as a split, and in the files of published numbers
	Title      string // for people
	ShortTitle string // at the head of a column
	StandIn    string // of its synthetic stand-in, in specs
	Partition  bool   // the rows are split by a partition, with queries and gallery apart

	LaterStandIns []string // further versions of its stand-in
}

// The benchmarks.
var (
	CUB200  = Benchmark{Name: "cub200", Title: "CUB-200-2011", ShortTitle: "CUB-200-2011", StandIn: "cub"}
	Cars196 = Benchmark{Name: "cars196", Title: "Cars-196", ShortTitle: "Cars-196", StandIn: "cars"}
	SOP     = Benchmark{Name: "sop", Title: "Stanford Online Products", ShortTitle: "SOP", StandIn: "sop"}
	InShop  = Benchmark{Name: "inshop", Title: "In-Shop Clothes Retrieval", ShortTitle: "In-Shop", StandIn: "inshop", Partition: true, LaterStandIns: []string{"inshop_v2"}}
)

// Benchmarks are all of them, in the order of the tables in papers.
var Benchmarks = []Benchmark{
	CUB200,
	Cars196,
	SOP,
	InShop,
}

// All returns the Name of each benchmark.
func All() []string { return each(func(b Benchmark) string { return b.Name }) }

// StandIns returns the name of the stand-in of each benchmark that has one, and then the
// names of the further versions.
func StandIns() []string {
	all := each(func(b Benchmark) string { return b.StandIn })
	for _, b := range Benchmarks {
		all = append(all, b.LaterStandIns...)
	}
	return all
}

func each(name func(Benchmark) string) []string {
	var all []string
	for _, b := range Benchmarks {
		if n := name(b); n != "" {
			all = append(all, n)
		}
	}
	return all
}

// Find returns the benchmark of that Name.
func Find(name string) (b Benchmark, ok bool) {
	return find(func(b Benchmark) bool { return b.Name == name })
}

// OfStandIn returns the benchmark whose stand-in, of any version, has that name. It is
// zero, without a name, if there is none.
func OfStandIn(standIn string) Benchmark {
	b, _ := find(func(b Benchmark) bool { return b.StandIn == standIn || slices.Contains(b.LaterStandIns, standIn) })
	return b
}

func find(match func(Benchmark) bool) (Benchmark, bool) {
	k := slices.IndexFunc(Benchmarks, match)
	if k < 0 {
		return Benchmark{}, false
	}
	return Benchmarks[k], true
}
