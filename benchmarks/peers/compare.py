"""Times this project beside numpy, torch, faiss and pytorch-metric-learning: the same data, one session, in turns. README.md says what and how.

The table goes to standard output as Markdown, row by row, and progress to standard error.
"""

import argparse
import datetime
import math
import os
import pathlib
import platform
import shlex
import subprocess
import sys
import tempfile
import time

import arrays
import plan
import tables
import workers

HERE = pathlib.Path(__file__).resolve().parent
THREADS = (1, 2)
CALL, BLOCK = 0.004, 0.06  # seconds that a repetition and a block take at least, if one call takes less
LONG = 1.5  # seconds from which a call is a block, and the first counts
LONG_BLOCKS, LONG_TOTAL = 3, 20  # how many of these there are, and how many seconds they may take together
PAUSE = 0.03  # seconds between blocks, for threads of the last to stop spinning


def main():
    args, start = arguments(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="peers-") as folder:
        groups = chosen(plan.groups(arrays.Store(folder), args.quick), args)
        sides = Sides(folder, int(args.memory_limit * 2**30))
        try:
            print(header(sides), flush=True)
            for group in groups:
                print(tables.head(group), flush=True)
                for task in group.tasks:
                    failed = {}
                    for threads in THREADS:
                        print(tables.rows(group, task, threads, *compare(sides, group, task, threads, args.rounds, failed)), flush=True)
            took = time.monotonic() - start
            print(f"\nTook {took:.0f} seconds." if took < 100 else f"\nTook {took / 60:.0f} minutes.")
        finally:
            sides.stop()


def arguments():
    p = argparse.ArgumentParser(description="Time this project beside its peers.", epilog="example: python compare.py --quick --tasks losses,steps")
    p.add_argument("--tasks", type=tasks, default=[], help="some of %s, with commas (default: all)" % ", ".join(GROUPS))
    p.add_argument("--match", metavar="TEXT", default="", help="only tasks with this text in task and size, as in 'multi_similarity' or '1024×512'")
    p.add_argument("--rounds", type=positive(int), help="blocks of every side, in turns (default: 5; quick: 2)")
    p.add_argument("--quick", action="store_true", help="a part of every group, in a minute or two: to see that all works, not for figures")
    p.add_argument("--memory-limit", type=positive(float), default=8, metavar="GB",
                   help="what a peer may have resident before it is ended (default: 8)")
    args = p.parse_args()
    args.rounds = args.rounds or (2 if args.quick else 5)
    return args


def chosen(groups, args):
    """Returns the groups with the tasks that were asked for."""
    for group in groups:
        wanted = not args.tasks or group.name in args.tasks
        group.tasks = [task for task in group.tasks if wanted and any(args.match in f"{row.task}, {row.size}" for row in task.rows)]
    groups = [group for group in groups if group.tasks]
    if not groups:
        sys.exit(f"compare: no task has {args.match!r} in it: try a preset such as 'multi_similarity.pml', a size such as '80×512', or a form such as 'X·Yᵀ'")
    return groups


GROUPS = ("products", "recall", "map_at_r", "losses", "steps")


def tasks(text):
    for name in (names := text.split(",")):
        if name not in GROUPS:
            raise argparse.ArgumentTypeError(f"unknown task {name!r}: use {', '.join(GROUPS)}")
    return names


def positive(kind):
    def read(text):
        try:
            value = kind(text)
        except ValueError:
            value = 0
        if not 0 < value < math.inf:
            raise argparse.ArgumentTypeError(f"{text!r} is not above 0")
        return value
    return read


class Sides:
    """The processes of all sides, by program and threads."""

    def __init__(self, folder, memory_limit):
        self.running, self.memory_limit = {}, memory_limit
        self.ours = str(pathlib.Path(folder) / "gpwpeer")
        subprocess.run(["go", "build", "-o", self.ours, "./gpwpeer"], cwd=HERE, env=os.environ | {"CGO_ENABLED": "0"}, check=True)

    def ask(self, program, threads, request):
        key = program, threads
        if key not in self.running:
            command = [self.ours] if program == plan.OURS else [sys.executable, "-W", "ignore", str(HERE / "worker.py"), program]
            self.running[key] = workers.Worker(command, threads, self.memory_limit)
        return self.running[key].ask(request)

    def stop(self):
        for worker in self.running.values():
            worker.stop()


def compare(sides, group, task, threads, rounds, failed):
    """Returns the times of every side by label, wall, cpu and checks, or the failure that it ended with; and what they agree on.

    Failed are those that ran out of memory before, by label: they would with any number of threads.
    """
    results, sizes = {}, {}
    turn = [task.ours, *task.peers]
    for side in turn:
        say(f"{group.name}: {task.rows[0].task}, {task.rows[0].size}, {threads} threads: {side.label}")
        results[side.label], sizes[side.label] = (failed[side.label], None) if side.label in failed else first(sides, side, threads)
        if isinstance(results[side.label], workers.OutOfMemory):
            failed[side.label] = results[side.label]
    for _ in range(rounds):
        for side in turn:
            result, size = results[side.label], sizes[side.label]
            if isinstance(result, dict) and (size or another(side, result)):
                time.sleep(PAUSE)
                results[side.label] = ask(sides, side, threads, result, size or {})
    answers = {label: result for label, result in results.items() if isinstance(result, dict)}
    return results, task.check(answers) if "gpw" in answers and len(answers) > 1 else "–"


def first(sides, side, threads):
    """Returns what the first calls took, and the size of the blocks to come; a call that is long counts, and is a block."""
    nothing = {"wall": [], "cpu": []}
    result = ask(sides, side, threads, nothing, {})
    if isinstance(result, Exception) or result["wall"][0] / side.scale >= LONG:
        return result, None
    again = ask(sides, side, threads, nothing, {})
    if isinstance(again, Exception):
        return again, None
    call = min(result["wall"][0], again["wall"][0]) / side.scale
    calls = max(1, math.ceil(CALL / call))
    return nothing, {"calls": calls, "repetitions": max(1, min(25, int(BLOCK / (calls * call))))}


def another(side, result):
    """Says whether there is time for one more long call."""
    return len(result["wall"]) < LONG_BLOCKS and (sum(result["wall"]) + result["wall"][-1]) / side.scale < LONG_TOTAL


def ask(sides, side, threads, result, size):
    """Returns the result with one block more, or the failure."""
    try:
        answer = sides.ask(side.program, threads, side.request | size)
    except workers.Failed as e:
        return e
    return {name: result[name] + [side.scale * t for t in answer[name]] for name in ("wall", "cpu")} | {"checks": answer["checks"]}


def say(text):
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def header(sides):
    about = []
    for program in ("products", "retrieval", "metric_learning"):
        try:
            about += sides.ask(program, max(THREADS), {"task": "about"})["about"]
        except workers.Failed as e:
            sys.exit(f"compare: worker.py {program} {e}: are the packages of requirements.txt in this Python?")
    with open("/proc/cpuinfo") as f:
        model = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    lines = [f"- machine: {model}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GB, load {os.getloadavg()[0]:.1f} at the start",
             f"- date: {datetime.date.today()}",
             f"- gpw: revision {output('git', 'describe', '--always', '--dirty', '--abbrev=12')}, {output('go', 'env', 'GOVERSION')}",
             f"- Python {platform.python_version()}", *(f"- {line}" for line in about),
             f"- command: `{shlex.join(['python', 'compare.py', *sys.argv[1:]])}`",
             f"- a peer may have {sides.memory_limit / 2**30:g} GB resident"]
    return "\n".join(lines) + "\n"


def output(*command):
    try:
        return subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


if __name__ == "__main__":
    main()
