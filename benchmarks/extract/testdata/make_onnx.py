"""Makes tiny.onnx beside it, and onnxruntime.json, its outputs for images beside it: python3 make_onnx.py.

onnx 1.23.2, ONNX Runtime 1.32.0, Pillow 13.0.0 and NumPy 2.4.6 made the committed files.
The network is the one that onnx_test.go encodes without a library: a convolution, and
from its map a mean and a product. Run make_images.py first.
"""
import json, os
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from PIL import Image

here = os.path.dirname(os.path.abspath(__file__))


def weights(seed, *shape):
    n = int(np.prod(shape))
    return (((np.arange(n) * 7919 + seed * 104729) % 1009 - 504) / 2048).astype(np.float32).reshape(shape)


def initializer(name, values):
    return helper.make_tensor(name, TensorProto.INT64 if values.dtype == np.int64 else TensorProto.FLOAT, values.shape, values.flatten())


graph = helper.make_graph(
    [
        helper.make_node("Conv", ["pixels", "kernel", "bias"], ["convolved"], kernel_shape=[3, 3], strides=[2, 2]),
        helper.make_node("Relu", ["convolved"], ["map"]),
        helper.make_node("GlobalAveragePool", ["map"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("MatMul", ["flat", "product"], ["features"]),
        helper.make_node("Reshape", ["map", "places"], ["reshaped"]),
        helper.make_node("Transpose", ["reshaped"], ["tokens"], perm=[0, 2, 1]),
    ],
    "tiny",
    [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 3, 14, 16])],
    [
        helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", 5]),
        helper.make_tensor_value_info("map", TensorProto.FLOAT, ["n", 4, 6, 7]),
        helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["n", 42, 4]),
    ],
    [
        initializer("kernel", weights(1, 4, 3, 3, 3)),
        initializer("bias", weights(2, 4)),
        initializer("product", weights(3, 4, 5)),
        initializer("places", np.array([0, 4, -1], np.int64)),
    ],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, os.path.join(here, "tiny.onnx"))


def pixels(name):
    image = Image.open(os.path.join(here, name)).convert("RGB")
    w, h = image.size
    short, long = min(w, h), max(w, h)
    long = int(16 * long / short)
    image = image.resize((16, long) if w <= h else (long, 16), Image.Resampling.BILINEAR)
    left, top = int(round((image.width - 16) / 2.0)), int(round((image.height - 14) / 2.0))
    x = np.asarray(image.crop((left, top, left + 16, top + 14))).transpose(2, 0, 1).astype(np.float32) / np.float32(255)
    mean, std = np.array([0.485, 0.456, 0.406], np.float32), np.array([0.229, 0.224, 0.225], np.float32)
    return (x - mean[:, None, None]) / std[:, None, None]


names = ["rgb.png", "rgba.png", "interlaced.png", "palette.png", "420.jpg", "grey.jpg"]
session = onnxruntime.InferenceSession(os.path.join(here, "tiny.onnx"), providers=["CPUExecutionProvider"])
features, = session.run(["features"], {"pixels": np.stack([pixels(name) for name in names])})
with open(os.path.join(here, "onnxruntime.json"), "w") as f:
    json.dump({name: row.tolist() for name, row in zip(names, features)}, f, indent=1)
    f.write("\n")
