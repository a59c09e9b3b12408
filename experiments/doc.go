// Package experiments turns a YAML spec into its runs and runs them.
//
// A [spec.Spec] names data sets, losses and settings; [Plan] expands it into cells, one for each data set, row of the table and seed;
// a [Runner] trains and evaluates what has no record yet. Everything a run's numbers depend on is in its settings, whose hash is the
// run's id, so a spec that is run again does only what is missing.
//
// The shipped specs are embedded; [Open] finds them by name.
package experiments
