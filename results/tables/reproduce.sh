#!/bin/sh
# reproduce.sh NAME REVISION [OVERRIDE …] runs a shipped spec and writes results/tables/NAME.md: the head from heads/, how it was made, and the
# table. What is done is kept in results/runs, so that the same command goes on where it was stopped. The CPU time of all attempts is summed.
set -eu
name=$1 revision=$2
shift 2
: "${GPW_DATA:?must name the folder of the real features; without it every table would be of stand-ins}"
cd "$(dirname "$0")/../.."
runs=results/runs/$name
mkdir -p results/runs
test -d "$runs" || rm -f "$runs.times"

trap : INT TERM # gpw ends by itself, and what it cost is noted
status=0
bin/gpw run "$name" "$@" -o "$runs" --format markdown > "$runs.md" || status=$?
times > "$runs.now"
sed -n 2p "$runs.now" >> "$runs.times"
test "$status" = 0 || exit "$status"

processor=$(awk -F ': *' '/^model name/ { print $2; exit }' /proc/cpuinfo 2>/dev/null || true)
cost=$(tr 'ms' '  ' < "$runs.times" | awk '{ total += 60*$1 + $2 + 60*$3 + $4 } END { printf "%.1f", total/60 }')
{
	cat "results/tables/heads/$name.md"
	printf '\nMade by `make reproduce` (`GPW_DATA=… gpw run %s`) from source revision %s with %s on %s; %s CPU minutes on %s cores (%s).\n\n' \
		"$name" "$revision" "$(go env GOVERSION)" "$(date +%F)" "$cost" "$(getconf _NPROCESSORS_ONLN)" "${processor:-unknown processor}"
	cat "$runs.md"
} > "$runs.whole.md"
mv "$runs.whole.md" "results/tables/$name.md"
