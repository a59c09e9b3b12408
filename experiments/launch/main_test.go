package launch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"
)

// afterTests are called once all tests are over.
var afterTests []func()

// TestMain makes this program what tasks call, too: program task LAUNCH NUMBER.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "task" {
		number, err := strconv.Atoi(os.Args[3])
		if err == nil {
			err = Make(context.Background(), os.Args[2], number, MakeOptions{Revision: "r1", Log: os.Stderr})
		}
		code := 0
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
		if exit := new(ExitError); errors.As(err, &exit) {
			code = exit.Code
		}
		os.Exit(code)
	}

	code := m.Run()
	for _, f := range afterTests {
		f()
	}
	os.Exit(code)
}
