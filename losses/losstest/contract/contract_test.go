package contract_test

import (
	"testing"

	"gpwbench/losses"
	"gpwbench/losses/losstest/contract"
)

func TestContrastive(t *testing.T) {
	c, err := losses.Choose(losses.Catalogue, "contrastive")
	if err != nil {
		t.Fatal(err)
	}
	contract.Test(t, c, 1)
}
