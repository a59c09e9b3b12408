package cli

import (
	"context"
	"fmt"

	"gpwbench/analysis"
	"gpwbench/gpw"
	"gpwbench/plots"
	"gpwbench/plots/figures"
)

// trainings draws what the weights of a run come to over its steps.
func (f *plotFlags) trainings(ctx context.Context, pooling gpw.Pooling) ([]drawing, error) {
	store, records, err := f.kept()
	if err != nil {
		return nil, err
	}
	var courses []*analysis.TrainingHistory
	for _, r := range records { // the first seed of a row has what is kept
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		course, err := figures.Course(store, r, pooling)
		if err != nil {
			return nil, err
		}
		if course != nil {
			courses = append(courses, course)
		}
	}
	width := f.inches()
	switch len(courses) {
	case 0:
		return nil, fmt.Errorf("%s kept no moments of these runs: nothing was trained, or weights: {at: []} is in the spec, or an earlier gpw ran it; gpw run makes what is missing", f.run)
	case 1:
		return []drawing{{f.name("training"), plots.Training(width, courses[0])}}, nil
	}
	return pages(f.name("trainings"), courses, plots.TrainingLosses, func(c []*analysis.TrainingHistory) *plots.Figure { return plots.Trainings(width, c) }), nil
}
