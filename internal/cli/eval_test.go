package cli

import (
	"context"
	"errors"
	"testing"
)

// What has nothing to lose stops as soon as it is told to; what ends before that is as it is.
func TestOrStop(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	wrong := errors.New("wrong")
	if v, err := orStop(ctx, func() (int, error) { return 7, wrong }); v != 7 || err != wrong {
		t.Errorf("%d, %v", v, err)
	}
	never := make(chan int)
	defer close(never)
	cancel()
	if _, err := orStop(ctx, func() (int, error) { return <-never, nil }); err == nil || err.Error() != "eval was interrupted; nothing is written" {
		t.Errorf("error %v", err)
	}
}
