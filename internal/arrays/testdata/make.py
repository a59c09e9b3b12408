"""Makes the .pt and .pth files beside it with CPython's own pickler: python3 make.py.

PyTorch is not needed. What torch.save writes is a pickle in which a tensor is a call of
torch._utils._rebuild_tensor_v2, and its storage a persistent id (torch/serialization.py
and torch/_tensor.py, __reduce_ex__). The classes here reduce to the same. The tests know
the values.
"""
import collections, io, os, pickle, struct, sys, types, zipfile


def module(name, **members):
    m = types.ModuleType(name)
    for key, value in members.items():
        value.__module__, value.__qualname__, value.__name__ = name, key, key
        setattr(m, key, value)
    sys.modules[name] = m
    return m


CODES = {"Float": "f", "Double": "d", "Half": "e", "Long": "q", "Int": "i", "Short": "h", "Char": "b", "Byte": "B", "Bool": "?", "BFloat16": "H"}
torch = module("torch", Size=type("Size", (tuple,), {"__reduce__": lambda s: (type(s), (tuple(s),))}), **{c + "Storage": type(c, (), {}) for c in CODES})
utils = module("torch._utils", _rebuild_tensor_v2=lambda *a: None, _rebuild_parameter=lambda *a: None)
module("numpy"), module("numpy.core")
numpy = module("numpy.core.multiarray", _reconstruct=lambda *a: None)


class Storage:
    def __init__(self, key, code, values):
        self.key, self.code, self.values = key, code, values

    def raw(self, order="<"):
        return struct.pack(f"{order}{len(self.values)}{CODES[self.code]}", *self.values)


class Tensor:
    def __init__(self, storage, offset, size, stride):
        self.args = storage, offset, size, stride, False, collections.OrderedDict()

    def __reduce__(self):
        return utils._rebuild_tensor_v2, self.args


class Parameter:
    def __init__(self, tensor):
        self.tensor = tensor

    def __reduce__(self):
        return utils._rebuild_parameter, (self.tensor, True, collections.OrderedDict())


class Pickler(pickle.Pickler):
    def __init__(self, out, protocol, legacy):
        super().__init__(out, protocol)
        self.storages, self.legacy = {}, legacy

    def persistent_id(self, obj):
        if not isinstance(obj, Storage):
            return None
        self.storages[obj.key] = obj
        pid = "storage", getattr(torch, obj.code + "Storage"), obj.key, "cpu", len(obj.values)
        return pid + (None,) if self.legacy else pid


def dumps(obj, protocol=2, legacy=False):
    out = io.BytesIO()
    p = Pickler(out, protocol, legacy)
    p.dump(obj)
    return out.getvalue(), p.storages


def save(path, obj, protocol=2, order="<", **members):
    data, storages = dumps(obj, protocol)
    with zipfile.ZipFile(path, "w") as z:
        def write(name, content):
            z.writestr(zipfile.ZipInfo("archive/" + name), content)
        write("data.pkl", data)
        write("byteorder", "little" if order == "<" else "big")
        for key, storage in storages.items():
            write("data/" + key, storage.raw(order))
        write("version", "3\n")


def save_legacy(path, obj):
    data, storages = dumps(obj, legacy=True)
    with open(path, "wb") as f:
        f.write(pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2))
        f.write(pickle.dumps({"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}, 2) + data)
        f.write(pickle.dumps(sorted(storages), 2))
        for key in sorted(storages):
            f.write(struct.pack("<q", len(storages[key].values)) + storages[key].raw())


def example():
    floats = Storage("0", "Float", [0.5, 1, -2, 3, 4, 5, 6, 7])
    labels = Storage("1", "Long", [7, -1, 7])
    return {
        "model": collections.OrderedDict(weight=Parameter(Tensor(floats, 0, (2, 4), (4, 1)))),
        "features": Tensor(floats, 1, torch.Size((3, 2)), (2, 1)),
        "columns": Tensor(floats, 2, (2, 3), (1, 2)),
        "labels": Tensor(labels, 0, (3,), (1,)),
        "names": ["cat", "dog é", "cat"],
        "ids": (3, -70000, 300),
        "epoch": 12, "lr": 0.1, "best": True, "nothing": None,
    }


class Code:
    def __reduce__(self):
        return os.system, ("touch executed",)


class NumPy:
    def __reduce__(self):
        return numpy._reconstruct, (1, (0,), b"b")


os.chdir(os.path.dirname(os.path.abspath(__file__)))
save("zip.pt", example())
save("protocol4.pt", example(), protocol=4)
save("big.pt", example(), order=">")
save_legacy("legacy.pth", example())
save("tensor.pt", Tensor(Storage("0", "Double", [1.5, -2, 3, 4]), 0, (2, 2), (1, 2)))
save("types.pt", [Tensor(Storage(str(k), c, [1, 0] if c == "Bool" else [0x3F80, 0xC000] if c == "BFloat16" else [1, 127]), 0, (1, 2), (2, 1)) for k, c in enumerate(CODES)])
state = collections.OrderedDict(weight=Tensor(Storage("0", "Half", [0.5, 1]), 0, (1, 2), (2, 1)))
state._metadata = collections.OrderedDict([("", {"version": 1})])
save("state.pth", state)
save("code.pt", {"features": Code()})
save_legacy("code.pth", Code())
save("numpy.pt", {"features": NumPy()})
