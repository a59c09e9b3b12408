// Gpw is a benchmarking and loss-analysis harness for pair-based deep metric learning.
// See README.md, or gpw --help.
package main

import (
	"os"

	"gpwbench/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdout, os.Stderr)) }
