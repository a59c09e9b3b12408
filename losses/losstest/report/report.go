// Package report prints what the contract of package [gpwbench/losses/losstest] says of a
// loss.
//
// # Route
//
//   - [losstest.Check] evaluates a loss and returns its properties.
//   - [Write] prints them, and [Failure] turns those that fail into one error.
package report

import (
	"fmt"
	"io"
	"strings"

	"gpwbench/internal/output"
	"gpwbench/losses"
	"gpwbench/losses/describe"
	"gpwbench/losses/losstest"
)

type (
	checkJSON struct {
		Loss       string         `json:"loss"`
		Params     string         `json:"params"`
		Formula    string         `json:"formula,omitempty"` // of a user-defined loss
		Properties []propertyJSON `json:"properties"`
	}
	propertyJSON struct {
		Name   string `json:"name"`
		Status string `json:"status"`
		Why    string `json:"why"`
	}
)

// Write prints the properties of a loss as text, json, csv, markdown or latex. The error
// is that of w.
func Write(w io.Writer, format string, c losses.Choice, properties []losstest.Property) error {
	if format == "json" {
		j := checkJSON{c.Name(), c.Caption(), describe.Formula(c), []propertyJSON{}}
		for _, p := range properties {
			j.Properties = append(j.Properties, propertyJSON{p.Name, p.Status.String(), p.Why})
		}
		return output.JSON(w, j, "  ")
	}

	if format == "text" {
		if _, err := fmt.Fprintf(w, "%s\n\n", describe.Heading(c)); err != nil {
			return err
		}
	}
	g := &output.Grid{Header: []string{"property", "status", "why"}}
	for _, p := range properties {
		g.Add(p.Name, p.Status.String(), oneLine(p.Why))
	}
	return g.Write(w, format)
}

// Failure returns nil if no property fails. Otherwise it counts those that do in one line
// and gives the reason of the first; [Write] prints the reasons of all.
func Failure(c losses.Choice, properties []losstest.Property) error {
	failed := 0
	var first losstest.Property
	for _, p := range properties {
		if p.Status != losstest.Fail {
			continue
		}
		if failed++; failed == 1 {
			first = p
		}
	}
	if failed == 0 {
		return nil
	}
	return fmt.Errorf("%s fails %d of %d properties, first %s: %s",
		c.Name(), failed, len(properties), first.Name, oneLine(first.Why))
}

func oneLine(text string) string { return strings.ReplaceAll(text, "\n", " ") }
