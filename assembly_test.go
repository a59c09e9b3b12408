package main

import (
	"bufio"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestAssemblyRegisters holds that a kernel which runs without AVX-512 names no register
// that only AVX-512 has.
//
// The generator takes such a register in silence where sixteen are not enough, and the
// kernel then stops an AVX2 machine with an illegal instruction, while every test passes
// on a machine with AVX-512.
func TestAssemblyRegisters(t *testing.T) {
	wide := regexp.MustCompile(`AVX512|^·tall\d+\(|^·classify\d+\(`)
	register := regexp.MustCompile(`\b([XY](1[6-9]|2\d|3[01])|Z\d+|K[0-7])\b`)
	for _, file := range []string{"internal/f32/asm_amd64.s", "internal/f64/asm_amd64.s"} {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()

		function, functions, narrow := "", 0, 0
		for lines := bufio.NewScanner(f); lines.Scan(); {
			line := lines.Text()
			if name, ok := strings.CutPrefix(line, "TEXT "); ok {
				function = name
				functions++
				if !wide.MatchString(function) {
					narrow++
				}
				continue
			}
			if found := register.FindString(line); found != "" && !wide.MatchString(function) {
				t.Errorf("%s: %s uses %s, which only AVX-512 has: %s", file, function, found, strings.TrimSpace(line))
			}
		}
		if narrow < 5 || narrow == functions {
			t.Errorf("%s: %d of %d kernels run without AVX-512; the test knows their names no more", file, narrow, functions)
		}
	}
}
