"""Times one library, as gpwpeer does this project: requests as JSON, one a line, each answered by a line.

    worker.py products|retrieval|metric_learning
"""

import importlib
import json
import sys
import time


def measure(call, calls, repetitions):
    wall, cpu = [], []
    for _ in range(repetitions):
        w, c = time.perf_counter(), time.process_time()
        for _ in range(calls):
            call()
        cpu.append((time.process_time() - c) / calls)
        wall.append((time.perf_counter() - w) / calls)
    return wall, cpu


def serve(peer, lines, out):
    prepared, call, checks = None, None, None
    for line in lines:
        request = json.loads(line)
        calls, repetitions = request.pop("calls", 1), request.pop("repetitions", 1)
        try:
            if request == {"task": "about"}:
                answer = {"about": peer.about()}
            else:
                if request != prepared:
                    prepared, call, checks = None, None, None  # frees the memory of the last
                    call, checks = peer.prepare(request)
                    prepared = request
                wall, cpu = measure(call, calls, repetitions)
                answer = {"wall": wall, "cpu": cpu, "checks": checks()}
        except MemoryError as e:
            answer = {"error": f"out of memory: {e}"}
        except Exception as e:  # a peer that cannot do one task goes on with the next
            answer = {"error": f"{type(e).__name__}: {e}".splitlines()[0]}
        if "error" in answer:
            prepared, call, checks = None, None, None
        out.write(json.dumps(answer) + "\n")
        out.flush()


if __name__ == "__main__":
    answers, sys.stdout = sys.stdout, sys.stderr  # what libraries print is no answer
    serve(importlib.import_module("peer_" + sys.argv[1]), sys.stdin, answers)
