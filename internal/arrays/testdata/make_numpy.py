"""Makes arrays*.pt with PyTorch 2.15 and NumPy 2.4: python3 make_numpy.py.

The tests know the values.
"""
import os
import numpy as np
import torch

os.chdir(os.path.dirname(os.path.abspath(__file__)))
x = np.array([[0.5, -1, 2], [3, 4, 255]], np.float32)
arrays = {
    "features": x, "columns": np.asfortranarray(x.astype(np.float64)), "big": x.astype(">f4"), "half": x.astype(np.float16),
    "labels": np.array([3, -70000]), "words": np.array(["jay", "owl"]), "objects": np.array(["jay", 1], object),
    "mean": np.float32(0.5), "tensor": torch.tensor([[1.0, 2.0]]),
}
torch.save(arrays, "arrays.pt")
torch.save(arrays, "arrays4.pt", pickle_protocol=4)
torch.save(arrays, "arrays_legacy.pth", _use_new_zipfile_serialization=False)
