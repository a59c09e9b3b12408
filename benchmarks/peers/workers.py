"""The processes that do the work: one for each library and number of threads, each ended by itself when it takes too much memory or time."""

import json
import os
import select
import subprocess
import time

TIME_LIMIT = 60  # seconds of one block
STEERING = ("OPENBLAS_", "MKL_", "OMP_", "GOMP_", "KMP_", "GOMAXPROCS", "GOGC", "GOMEMLIMIT", "GODEBUG")  # variables that no side gets from outside
POLL = 0.01  # seconds between two looks at the memory


class Failed(Exception):
    """Why a block gave no times."""


class OutOfMemory(Failed):
    """It took more than the limit."""


class Worker:
    def __init__(self, command, threads, memory_limit):
        self.command, self.memory_limit = command, memory_limit
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith(STEERING)}
        for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "GOMAXPROCS"):
            self.environment[name] = str(threads)
        self.process = None

    def ask(self, request):
        """Sends one request and returns its answer. After an end by a limit, the next request starts a new process."""
        if self.process is None:
            self.process = subprocess.Popen(self.command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        try:
            self.process.stdin.write((json.dumps(request) + "\n").encode())
        except BrokenPipeError:
            raise Failed(f"ended with exit code {self.stop()}") from None
        answer = json.loads(self.line())
        if "error" in answer:
            raise Failed(answer["error"])
        return answer

    def line(self):
        """Reads the answer, with an eye on the process. The memory is what is resident: torch reserves far more addresses than it uses."""
        out, text, end = self.process.stdout, b"", time.monotonic() + TIME_LIMIT
        while not text.endswith(b"\n"):
            if select.select([out], [], [], POLL)[0]:
                part = os.read(out.fileno(), 1 << 16)
                if not part:
                    raise Failed(f"ended with exit code {self.stop()}")
                text += part
            elif resident(self.process.pid) > self.memory_limit:
                self.stop()
                raise OutOfMemory(f"out of memory (limit {self.memory_limit / 2**30:g} GB)")
            elif time.monotonic() > end:
                self.stop()
                raise Failed(f"no result in {TIME_LIMIT} s")
        return text

    def stop(self):
        if self.process is None:
            return None
        process, self.process = self.process, None
        if process.poll() is None:
            process.kill()
        code = process.wait()
        process.stdin.close()
        process.stdout.close()
        return code


def resident(pid):
    """Returns the bytes of memory that a process has resident; 0 once it has ended."""
    try:
        with open(f"/proc/{pid}/statm") as f:
            return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return 0
