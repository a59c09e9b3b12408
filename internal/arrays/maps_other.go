//go:build !linux && !darwin

package arrays

import (
	"errors"
	"os"
)

func mapFile(*os.File, int64) ([]byte, error) { return nil, errors.ErrUnsupported }

func unmap([]byte) {}

func duplicate(*os.File) (*os.File, error) { return nil, errors.ErrUnsupported }
