//go:build !linux && !darwin

package arrays

import (
	"errors"
	"os"
)

func mapShared(*os.File, int64) ([]byte, error) { return nil, errors.ErrUnsupported }
