# make help lists the targets.
GO       ?= go
REVISION := $(shell git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)
COUNT    ?= 6
TIME     ?= 100ms
TORTURE  ?= 1m
SEED     ?=
SUBJECT  ?= .
FUZZ     ?= 15m
KEPT     ?= 12000
KILLS    ?= 30

# The data sets that own_features was tried on, and beside its losses two that it does not suit.
TRIED := cub50_mobilenetv2 cars196_train_mobilenetv2 birds525_efficientnet_lite0 grocery81_efficientnet_lite0 flowers102_efficientnet_lite0 \
	cars196_efficientnet_lite0
# The packages that read files of others, which make fuzz feeds with whatever bytes.
READERS ?= internal/npy internal/arrays benchmarks/datasets/layouts benchmarks/extract
# The packages whose tests drive pages in a browser, and the names that browsers have.
PAGES    ?= ./internal/browsertest ./gpw/playground/page ./plots/report
BROWSERS := $${CHROMIUM:-chromium chromium-browser google-chrome google-chrome-stable}
# What gpw playground needs, built for the browser.
MODULE := gpw/playground/page/module
comma := ,
SETS  := $(foreach d,$(TRIED),{name: $(d)$(comma) features: $$GPW_DATA/$(d)/features.npy$(comma) labels: $$GPW_DATA/$(d)/labels.npy$(comma) split: half}$(comma))
ROWS  := triplet, histogram, {name: nca, params: {scale: 4}}, contrastive, multi_similarity

# The shipped specs whose tables are committed. A table of the papers that has no features here is of a stand-in, and says so.
TABLES := features ablation every_loss paper_table1 paper_embedding_size paper_cub_cars paper_sop paper_inshop reality_check

.PHONY: help build build-onnx module run test test-browser test-slurm torture torture-slurm fuzz bench docs figures tables studies reproduce generate clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: module ## build bin/gpw
	@mkdir -p bin
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-X gpwbench/internal/cli.revision=$(REVISION)" -o bin/gpw .

module: # the losses for the browser, which gpw playground writes into its page
	@GOOS=js GOARCH=wasm CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o $(MODULE)/playground.wasm ./gpw/playground/wasm
	@gzip -9nf $(MODULE)/playground.wasm
	@cp "$$($(GO) env GOROOT)/lib/wasm/wasm_exec.js" "$$($(GO) env GOROOT)/LICENSE" $(MODULE)

build-onnx: module ## build bin/gpw with gpw data extract, which needs a C compiler here and ONNX Runtime where it runs
	@mkdir -p bin
	CGO_ENABLED=1 $(GO) build -tags onnx -trimpath -ldflags "-X gpwbench/internal/cli.revision=$(REVISION)" -o bin/gpw .

run: build ## train every loss of the paper's Table 1 on embedded data; table and figures in results/runs/quickstart
	bin/gpw run quickstart

test: ## formatting, vet, and all tests
	@unformatted=$$(git ls-files '*.go' | xargs gofmt -l); test -z "$$unformatted" || { echo "gofmt would change: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) test -vet=off ./...

test-browser: module ## drive the pages that gpw writes in CHROMIUM or a Chromium on PATH; pictures go to GPW_SCREENSHOTS
	@test -n "$$(command -v $(BROWSERS))" || { echo "SKIPPED: the tests in a browser, because there is no Chromium on PATH and CHROMIUM names none"; exit 0; }; \
		$(GO) test -tags browser -run Browser $(PAGES)

test-slurm: ## launch into a Slurm cluster of three nodes that the tests start on this machine; skipped aloud without Slurm
	$(GO) test -tags slurm -count 1 -parallel 8 -v -run '^TestSlurm' ./experiments/launch

torture: ## kill, fill, damage and race runs, for TORTURE=1m each, from SEED; SUBJECT=TestKills chooses
	GPW_TORTURE=$(TORTURE) GPW_TORTURE_SEED=$(SEED) $(GO) test ./internal/torture -run '$(SUBJECT)' -count 1 -v -timeout 0

torture-slurm: ## kill tasks, nodes and daemons of a cluster that the tests start, until KILLS=30 held a claim, under each kind of claim
	GPW_SLURM_KILLS=$(KILLS) GPW_TORTURE_SEED=$(SEED) $(GO) test -tags slurm -count 1 -v -timeout 0 -parallel 1 -run '^TestKills' ./experiments/launch

fuzz: ## fuzz every reader of files, for FUZZ=15m each; findings and KEPT=12000 bytes of other inputs stay in testdata/fuzz
	@status=0; cache=$$($(GO) env GOCACHE)/fuzz/gpwbench; for p in $(READERS); do for t in $$($(GO) test ./$$p -list '^Fuzz' | grep '^Fuzz'); do \
		echo "$$p $$t"; $(GO) test ./$$p -run '^$$' -fuzz "^$$t\$$" -fuzztime $(FUZZ) -fuzzminimizetime 20s -parallel 1 || status=1; \
		kept=$$p/testdata/fuzz/$$t; mkdir -p $$kept; for f in $$(ls -Sr $$cache/$$p/$$t 2>/dev/null); do \
			test $$(cat $$kept/* $$cache/$$p/$$t/$$f 2>/dev/null | wc -c) -gt $(KEPT) || cp $$cache/$$p/$$t/$$f $$kept/; done; \
	done; done; exit $$status

bench: ## run the benchmarks into results/runs/bench.txt, for benchstat
	@mkdir -p results/runs
	$(GO) test -run '^$$' -bench . -count $(COUNT) -benchtime $(TIME) ./benchmarks | tee results/runs/bench.txt

docs: ## write docs/losses.md, docs/eval.md and the keys of docs/spec.md again from the code, and docs/probe.md from measurement
	$(GO) test ./internal/docgen -update

figures: build ## draw docs/figures again: trainings on real features if GPW_DATA is set, else on a stand-in; the rest from code alone
	bin/gpw run figures --figures none > /dev/null
	bin/gpw run quickstart --figures none > /dev/null
	bin/gpw plot --run results/runs/figures --loss N-pairs --loss NCA --loss Histogram --loss Contrastive --loss Triplet \
		--loss LiftedStruct --loss Binomial --loss BinLifted --loss 'Multi-Similarity official' --data=false -o docs/figures/overview.png
	bin/gpw plot --run results/runs/figures --loss 'Multi-Similarity official' --data=false -o docs/figures/training.png
	bin/gpw plot --run results/runs/figures --loss 'Multi-Similarity official' --loss Triplet --view axes --step first --data=false \
		-o docs/figures/axes.png
	bin/gpw plot --run results/runs/figures --view training --loss 'Multi-Similarity official' --data=false -o docs/figures/course.png
	bin/gpw plot --run results/runs/figures --view training --data=false -o docs/figures/courses.png
	bin/gpw plot --run results/runs/quickstart --view intervals --data=false -o docs/figures/intervals.png
	bin/gpw plot --run results/runs/quickstart --view ranks --data=false -o docs/figures/ranks.png
	bin/gpw plot --run results/runs/quickstart --view recall --loss whitening --loss Triplet --loss Multi-Similarity --data=false -o docs/figures/recall.png
	bin/gpw plot --run results/runs/quickstart --view curves --metric loss --dataset cub --data=false -o docs/figures/curves.png
	$(GO) test ./internal/cli -run TestFigures -update

tables: build ## measure results/tables again, on the real features in GPW_DATA; goes on where it was stopped
	@set -e; for t in $(TABLES); do results/tables/reproduce.sh $$t $(REVISION); done
	@results/tables/reproduce.sh own_features $(REVISION) 'datasets=[$(SETS)]' 'losses=[$(ROWS)]' 'weights.at=[]'

studies: build ## run the studies of results/README.md, hours of two cores, on the real features in GPW_DATA; goes on where it was stopped
	results/studies/reproduce.sh

reproduce: tables studies figures docs ## build every table and figure that the documentation shows, on the real features in GPW_DATA

generate: ## write the assembly of internal/f32 and internal/f64 again; it leaves no diff
	cd internal/gen && $(GO) run .

clean: ## remove what was built; results stay
	rm -rf bin $(MODULE)/*
