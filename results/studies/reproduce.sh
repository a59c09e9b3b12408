#!/bin/sh
# reproduce.sh [STUDY …] runs the studies that results/README.md tells of, all or those named, and writes here for each: the table as text; every trial
# of a search as JSON; of an evaluation one line a run, for benchstat, and the comparisons of its rows as CSV. What is done is kept in results/runs, so
# that the same command goes on where it was stopped. GPW_DATA is the folder of the real sets. All together take some eight hours of one core.
set -eu
: "${GPW_DATA:?must name the folder of the real features}"
cd "$(dirname "$0")/../.."
gpw=${GPW:-bin/gpw}
here=results/studies
runs=results/runs
fixed='--range optimizer.lr=fixed --range params.margin=fixed'

# search NAME FOLDER SPEC [OPTION …] searches on folds of the training classes alone.
search() {
	name=$1 folder=$runs/$2 spec=$here/$3
	shift 3
	"$gpw" tune "$spec" "$@" -o "$folder" >"$runs/studies.txt"
	cp "$folder/tuning.txt" "$here/$name.txt"
	cp "$folder/tuning.json" "$here/$name.json"
}

# recipe NAME CHANGE is a search over one change of recipes.yaml.
recipe() {
	# shellcheck disable=SC2086
	search "recipes_$1" "recipes/$1" recipes.yaml "$2" --trials 1 $fixed
}

# evaluate NAME [ROW …] evaluates the test classes, and compares the rows, or those named.
evaluate() {
	name=$1
	shift
	"$gpw" run "$here/$name.yaml" -o "$runs/$name" >"$here/$name.txt.part"
	mv "$here/$name.txt.part" "$here/$name.txt"
	"$gpw" compare "$runs/$name" --format benchfmt -o "$here/$name.bench"
	"$gpw" compare "$runs/$name" "$@" --metric map_at_r --format csv -o "$here/$name.map_at_r.csv"
	"$gpw" compare "$runs/$name" "$@" --metric recall@1 --format csv -o "$here/$name.recall_at_1.csv"
}

thirteen() {
	evaluate "$1" N-pairs/holdout NCA/holdout Histogram/holdout Contrastive/holdout Triplet/holdout LiftedStruct/holdout Binomial/holdout \
		BinLifted/holdout Multi-Similarity/holdout SupCon/holdout Proxy-Anchor/holdout Circle/holdout 'Recall@k surrogate/holdout'
}

study() {
	case $1 in
	rates) search rates rates rates.yaml --trials 1 ;;
	recipes_cars) search recipes_cars recipes_cars recipes_cars.yaml --trials 1 $fixed ;;
	recipes)
		recipe rate 'sweep={datasets.cars.optimizer.lr: [3e-4, 1e-3, 3e-3], datasets.flowers.optimizer.lr: [1e-5, 3e-5, 1e-4], datasets.cub50.optimizer.lr: [3e-5, 1e-4, 3e-4]}'
		recipe augment 'sweep.augment=[{dropout: 0.1}, {dropout: 0.3}, {noise: 0.1}, {noise: 0.3}, {mix: 0.25}, {mix: 0.5}]'
		recipe average 'sweep.average=[{decay: 0.9}, {decay: 0.98}]'
		recipe combined 'sweep={average: [{decay: 0.98}], augment: [{mix: 0.25}, {dropout: 0.3}]}'
		recipe batch 'sweep.sampler.per_class=[3, 10]'
		recipe memory 'sweep.memory=[{name: xbm, size: 8192}]'
		recipe decay 'sweep.head.decay_to_init=[10]'
		recipe head 'sweep.head=[{name: mlp, init: whitened, dim: 512}, {name: residual, init: whitened, dim: 512}]'
		recipe mlp 'sweep={head: [{name: mlp, init: whitened, dim: 512}], average: [{decay: 0.98}], augment: [{mix: 0.25}, {dropout: 0.3}], sampler.per_class: [5, 10]}'
		;;
	thirteen) search thirteen thirteen thirteen.yaml --trials 10 ;;
	thirteen_*) thirteen "$1" ;;
	best_*) evaluate "$1" ;;
	every_loss)
		"$gpw" run every_loss -o "$runs/every_loss" >"$runs/studies.txt"
		"$gpw" compare "$runs/every_loss" --format benchfmt -o "$here/every_loss.bench"
		;;
	*)
		echo "no study $1; there are: $all" >&2
		exit 2
		;;
	esac
}

all='rates recipes_cars recipes thirteen thirteen_cars thirteen_flowers thirteen_cub50 best_recipe_cars best_recipe best_mlp every_loss'
[ $# -gt 0 ] || set -- $all
mkdir -p "$runs"
for s in "$@"; do study "$s"; done
