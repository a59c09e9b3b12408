package launch

import (
	"context"
	"fmt"
	"time"
)

// recordPoll is the time between two looks at the records.
const recordPoll = time.Second

// wait follows the tasks until all is done, or no task has a unit of the rest. Units
// that had no place in the queue are submitted as it empties.
func (r *launcher) wait(ctx context.Context) error {
	poll := r.Poll
	if poll <= 0 {
		poll = 15 * time.Second
	}
	started := time.Now()
	_, before := r.count()
	asked := time.Now()
	for {
		if err := r.update(); err != nil {
			return err
		}
		if len(r.missing()) == 0 {
			r.out.Waiting, r.out.Making, r.out.Left, r.out.Full = 0, 0, 0, nil
			return nil
		}
		if time.Since(asked) >= poll {
			asked = time.Now()
			if over, err := r.ask(ctx); over || err != nil {
				return err
			}
		}
		r.follow(started, before)

		select {
		case <-time.After(min(recordPoll, poll)):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// ask looks at the tasks, and submits what had no place. It is over when no task has a
// missing run. A scheduler that does not answer is asked again later.
func (r *launcher) ask(ctx context.Context) (over bool, err error) {
	if r.out.Left > 0 {
		if err := r.submitMissing(ctx); err != nil {
			return false, r.tolerate(ctx, err)
		}
		return false, nil
	}
	if _, err := r.look(ctx); err != nil {
		return false, r.tolerate(ctx, err)
	}
	if r.out.Waiting+r.out.Making > 0 {
		return false, nil
	}
	return true, r.update() // a task may have ended since
}

// tolerate notes an error of the scheduler, and ends only with ctx: the tasks go on.
func (r *launcher) tolerate(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	r.note(fmt.Sprintf("%v; asking again", err))
	return nil
}

func (r *launcher) follow(started time.Time, before int) {
	if r.Follow == nil {
		return
	}
	all, done := r.count()
	s := Standing{Runs: all, Done: done, Waiting: r.out.Waiting, Making: r.out.Making, Elapsed: time.Since(started)}
	if made := done - before; made > 0 {
		s.Left = s.Elapsed / time.Duration(made) * time.Duration(all-done)
	}
	r.Follow(s)
}
