"""Makes the files beside it with NumPy (2.x): python3 make.py. The tests know their values."""
import numpy as np

floats = np.array([[0, -1.5, 65504], [2**-24, 0.333251953125, 1]])  # all exact in float16; 2**-24 is its smallest
for t in "<f2 >f2 <f4 >f4 <f8 >f8".split():
    np.save(f"floats_{ {'<': 'le', '>': 'be'}[t[0]] }_{t[1:]}.npy", floats.astype(t))
np.save("floats_fortran.npy", np.asfortranarray(floats.astype("<f4")))

ints = np.array([0, 1, 5, 120])
for t in "|i1 <i2 >i4 <i8 >i8 |u1 >u2 <u4 <u8".split():
    order = {"<": "le", ">": "be", "|": "no"}[t[0]]
    np.save(f"ints_{order}_{t[1:]}.npy", ints.astype(t))
np.save("ints_negative.npy", np.array([-1, -128], "|i1"))
np.save("ints_column.npy", ints.reshape(-1, 1).astype("<i8"))
np.save("bools.npy", np.array([True, False, True]))

for version in (2, 3):
    with open(f"version{version}.npy", "wb") as f:
        np.lib.format.write_array(f, floats.astype("<f4"), version=(version, 0))

np.save("objects.npy", np.array([[1.5, None]], object))
np.save("records.npy", np.array([(1, 2.0)], [("a", "<i4"), ("b", "<f4")]))
np.save("complex.npy", np.array([[1 + 2j]]))
np.save("strings.npy", np.array(["jay", "wren"]))
np.save("dates.npy", np.array(["2020-01-01"], "datetime64[D]"))
np.save("scalar.npy", np.float32(1.5))
np.save("cube.npy", np.zeros((2, 1, 3), "<f4"))
np.save("cube_fortran.npy", np.asfortranarray(np.zeros((2, 1, 3), "<f4")))
np.save("huge_label.npy", np.array([2**63], "<u8"))

np.savez("plain.npz", s=floats.astype("<f4"), y=ints)
np.savez_compressed("compressed.npz", s=np.asfortranarray(floats), flag=np.array(True))
