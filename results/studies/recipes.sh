#!/bin/sh
# Trains every recipe of recipes.yaml on folds of the training classes, one thing changed at a time, into results/runs/recipes.
# What is done is kept: the same command goes on where it was stopped. GPW_DATA is the folder of the real sets.
#   results/studies/recipes.sh [GPW]
set -e
gpw=${1:-bin/gpw}
group() {
	"$gpw" tune results/studies/recipes.yaml "$2" --trials 1 --range optimizer.lr=fixed --range params.margin=fixed -o "results/runs/recipes/$1"
}

group rate 'sweep={datasets.cars.optimizer.lr: [3e-4, 1e-3, 3e-3], datasets.flowers.optimizer.lr: [1e-5, 3e-5, 1e-4], datasets.cub50.optimizer.lr: [3e-5, 1e-4, 3e-4]}'
group augment 'sweep.augment=[{dropout: 0.1}, {dropout: 0.3}, {noise: 0.1}, {noise: 0.3}, {mix: 0.25}, {mix: 0.5}]'
group average 'sweep.average=[{decay: 0.9}, {decay: 0.98}]'
group combined 'sweep={average: [{decay: 0.98}], augment: [{mix: 0.25}, {dropout: 0.3}]}'
group batch 'sweep.sampler.per_class=[3, 10]'
group memory 'sweep.memory=[{name: xbm, size: 8192}]'
group decay 'sweep.head.decay_to_init=[10]'
group head 'sweep.head=[{name: mlp, init: whitened, dim: 512}, {name: residual, init: whitened, dim: 512}]'
group mlp 'sweep={head: [{name: mlp, init: whitened, dim: 512}], average: [{decay: 0.98}], augment: [{mix: 0.25}, {dropout: 0.3}], sampler.per_class: [5, 10]}'
