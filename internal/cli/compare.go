package cli

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gpwbench/experiments/spec"
	"gpwbench/results"
	"gpwbench/results/compare"
)

// benchfmt is the format of Go benchmarks, which only this verb has.
const benchfmt = "benchfmt"

var compareFormats = append(slices.Clip(compare.Formats), benchfmt)

func compareCommand() *cobra.Command {
	var out, format, metric, order string
	cmd := &cobra.Command{
		Use:   "compare DIR [ROW …]",
		Short: "Say which rows of an experiment really differ, and by how much",
		Long: `Compare reads the per-query results in a results folder. For every data set it prints the differences of all pairs of rows and marks
those that a bootstrap over the test classes tells from 0, adjusted by Holm. Of two ROWs it prints all that is known: intervals over
classes, queries and seeds, what the experiment could have seen, and the queries that changed sides. Three or more restrict the matrix
to them. On several data sets it ranks the rows. A ROW is the label of a row of the table, or label/protocol where two rows share it.

--order "A < B < C" tests a claim: that the rows rank in that order, the worst first, and that the last is the best. Each pair agrees,
disagrees, or cannot be told; text, CSV and JSON have the differences with their intervals.

--format benchfmt is for benchstat: "benchstat -col /loss FILE" sets rows side by side.`,
		Example: `  gpw run quickstart
  gpw compare results/runs/quickstart
  gpw compare results/runs/quickstart Multi-Similarity Contrastive --metric recall@1
  gpw compare results/runs/quickstart --order "NCA < Contrastive < Multi-Similarity"
  gpw compare results/runs/quickstart --format benchfmt -o quickstart.txt`,
		Args: operands(1, anyNumber, "a results folder"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFormat(format, compareFormats); err != nil {
				return err
			}
			rows, ordered := args[1:], cmd.Flags().Changed("order")
			if ordered {
				if err := checkOrder(order, format, rows); err != nil {
					return err
				}
			}
			if len(rows) == 1 && format != benchfmt {
				return usagef("compare needs two rows or none, and %q is one; name what it is to be compared with", rows[0])
			}
			store, err := results.OpenRead(args[0])
			if err != nil {
				return err
			}
			table, err := plannedTable(store)
			if err != nil {
				return err
			}
			var write func(writer) error
			if ordered {
				write, err = testedOrder(table.Sets(), metric, order, format)
			} else {
				write, err = comparison(table.Sets(), metric, rows, format, args[0])
			}
			if err != nil {
				return namedRow(err, args[0])
			}
			return printTo(cmd, out, write)
		},
	}
	outputFlags(cmd, &out, &format, compareFormats)
	cmd.Flags().StringVar(&metric, "metric", "", "what to compare, such as recall@1 (default map_at_r where it was measured)")
	cmd.Flags().StringVar(&order, "order", "", "test that rows rank in this order, the worst first: \"A < B < C\"")
	return cmd
}

// orderForm is how an order is written.
const orderForm = `write "A < B < C", the worst first`

// checkOrder refuses an order that is empty, or beside what does not go with it.
func checkOrder(order, format string, rows []string) error {
	switch {
	case strings.TrimSpace(order) == "":
		return usagef("--order is empty; %s", orderForm)
	case len(rows) > 0:
		return usagef("--order names its rows itself; leave out %s", list(rows))
	case format == benchfmt:
		return usagef("--order has no --format %s; known: %s", benchfmt, list(compare.Formats))
	}
	return nil
}

// testedOrder tests an order and returns what writes the outcome.
func testedOrder(sets []*compare.Set, metric, order, format string) (func(writer) error, error) {
	names := orderedNames(sets, order)
	switch {
	case slices.Contains(names, ""):
		return nil, usagef("--order %q has an empty name; %s", order, orderForm)
	case len(names) < 2 && strings.Contains(order, ">"):
		return nil, usagef("--order %q names one row, because < divides rows and > does not; %s", order, orderForm)
	case len(names) < 2:
		return nil, usagef("--order %q names one row; %s", order, orderForm)
	}
	if part, sign := otherSign(sets, names); sign != "" {
		return nil, usagef("--order %q has %s in %q, and only < divides rows; %s", order, sign, part, orderForm)
	}
	r, err := compare.TestOrders(sets, metric, names)
	return func(w writer) error { return r.Write(w, format) }, err
}

// isRow reports whether a row of some data set has a name.
func isRow(sets []*compare.Set, name string) bool {
	return slices.ContainsFunc(sets, func(s *compare.Set) bool {
		_, err := s.Find(name)
		return err == nil
	})
}

// otherSign finds a name that no row has because it holds another sign than "<", which
// someone took for one that divides rows. A "=" is one only behind "<".
func otherSign(sets []*compare.Set, names []string) (name, sign string) {
	for k, name := range names {
		if isRow(sets, name) {
			continue
		}
		for _, sign := range []string{">", "≤", "≥"} {
			if strings.Contains(name, sign) {
				return name, sign
			}
		}
		if k > 0 && strings.HasPrefix(name, "=") {
			return name, "="
		}
	}
	return "", ""
}

// orderedNames divides an order at its "<". A label may hold some itself, so names that
// rows have are taken whole, and those between spaces divide first.
func orderedNames(sets []*compare.Set, order string) []string {
	var names []string
	for _, part := range strings.Split(order, " < ") {
		pieces := strings.Split(part, "<")
		for len(pieces) > 0 {
			n := len(pieces)
			for n > 1 && !isRow(sets, strings.TrimSpace(strings.Join(pieces[:n], "<"))) {
				n--
			}
			names = append(names, strings.TrimSpace(strings.Join(pieces[:n], "<")))
			pieces = pieces[n:]
		}
	}
	return names
}

// comparison compares the rows and returns what writes the outcome.
func comparison(sets []*compare.Set, metric string, rows []string, format, dir string) (func(writer) error, error) {
	switch {
	case format == benchfmt:
		return func(w writer) error { return namedRow(compare.WriteBenchfmt(w, sets, rows...), dir) }, nil
	case len(rows) == 2:
		r, err := compare.Two(sets, metric, rows[0], rows[1])
		return func(w writer) error { return r.Write(w, format) }, err
	}
	r, err := compare.All(sets, metric, rows...)
	return func(w writer) error { return r.Write(w, format) }, err
}

// fewRows is how many rows an error lists; more are listed by the verb.
const fewRows = 12

// namedRow returns a name that is not known in a folder as an error of the command line,
// with the nearest one.
func namedRow(err error, dir string) error {
	if twice := new(compare.TwiceError); errors.As(err, &twice) {
		return &usageError{err}
	}
	name := new(compare.NameError)
	if !errors.As(err, &name) {
		return err
	}
	switch near := spec.DidYouMean(name.Name, name.Known); {
	case len(name.Several) > 0:
		return &usageError{err}
	case name.What != "row":
		return usagef("no %s %q%s; known: %s", name.What, name.Name, near, list(name.Known))
	case len(name.Known) > fewRows:
		return usagef("no row %q%s; gpw compare %s lists all %d rows", name.Name, near, dir, len(name.Known))
	default:
		return usagef("no row %q%s; known: %s (gpw compare %s lists them)", name.Name, near, list(name.Known), dir)
	}
}
