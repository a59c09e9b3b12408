"""Which OpenBLAS a library brought into the process, and which of its kernels run."""

import threadpoolctl


def of(package):
    return "; ".join(f"OpenBLAS {p['version']}, kernels {p['architecture']}, {p['num_threads']} threads" for p in threadpoolctl.threadpool_info()
                     if p["internal_api"] == "openblas" and f"{package}.libs" in p["filepath"]) or "no OpenBLAS of its own"
