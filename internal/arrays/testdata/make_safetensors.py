"""Makes library.safetensors beside it with the safetensors package: python3 make_safetensors.py.

safetensors 0.8.0, NumPy 2. The test knows the values, and writes the same bytes. With a
path as its argument it reads that file with the package instead, and prints each tensor,
in the order of names: name, type, shape and elements; and then the metadata.
"""
import json, os, sys
import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

if len(sys.argv) > 1:
    with safe_open(sys.argv[1], "numpy") as f:
        for name in sorted(f.keys()):
            t = f.get_tensor(name)
            print(name, t.dtype, list(t.shape), json.dumps(t.tolist()))
        print(json.dumps(f.metadata(), sort_keys=True))
    sys.exit()

save_file(
    {
        "w": np.array([[1.5, -2, 0], [3, 0.25, 1e-30]], np.float32),
        "b": np.array([1.5, -2, 0.1], np.float64),
        "labels": np.array([7, -1], np.int64),
        "short": np.array([258, -2], np.int16),
        "byte": np.array([255], np.uint8),
        "flag": np.array([True, False, True], np.bool_),
        "empty": np.zeros((0, 4), np.float32),
        "scalar": np.array(2.5, np.float32),
        'näme "<&>"': np.array([1], np.int32),
    },
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "library.safetensors"),
    metadata={"note": 'Zeile 1\nZeile 2 <"&"> é'},
)
