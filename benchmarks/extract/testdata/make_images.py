"""Makes the images beside it and pillow.json, what Pillow makes of them: python3 make_images.py.

Pillow 13.0.0 and NumPy 2.4.6 made the committed files. Pictures are drawn here, from
waves and noise, so that every pixel differs from its neighbours. The steps behind decoding
are those of torchvision 0.2x on PIL images, written out: Resize(n) makes the shorter side
n and the longer int(n·long/short), CenterCrop begins at int(round((size − crop)/2)),
ToTensor divides by 255 in float32, and Normalize subtracts and divides in float32.
"""
import base64, io, json, os
import numpy as np
from PIL import Image, ImageOps

here = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(13)


def picture(height, width, channels=3):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(channels), indexing="ij")
    wave = 128 + 90 * np.sin(x / (3 + c) + c) * np.cos(y / (4 - c % 3)) + rng.normal(0, 12, (height, width, channels))
    return np.clip(wave, 0, 255).astype(np.uint8)


def text(a):
    return base64.b64encode(np.ascontiguousarray(a).tobytes()).decode()


images = {}


def save(name, image, **how):
    image.save(os.path.join(here, name), **how)
    images[name] = image


rgb = Image.fromarray(picture(21, 27))
save("444.jpg", rgb, quality=90, subsampling="4:4:4")
save("422.jpg", rgb, quality=90, subsampling="4:2:2")
save("420.jpg", rgb, quality=90, subsampling="4:2:0")
save("progressive.jpg", rgb, quality=90, subsampling="4:2:0", progressive=True)
save("narrow.jpg", Image.fromarray(picture(9, 3)), quality=90, subsampling="4:2:0")
save("grey.jpg", rgb.convert("L"), quality=90)
save("cmyk.jpg", Image.fromarray(picture(21, 27, 4), "CMYK"), quality=90)
save("rgb.png", Image.fromarray(picture(29, 37)))
save("rgba.png", Image.fromarray(picture(11, 13, 4)))
save("grey.png", Image.fromarray(picture(11, 13, 1)[:, :, 0]))
save("bits.png", Image.fromarray(picture(11, 13, 1)[:, :, 0]).convert("1"))
save("palette.png", Image.fromarray(picture(11, 13)).quantize(16), transparency=3)
save("interlaced.png", Image.fromarray(picture(11, 13)))
exif = Image.Exif()
for orientation in range(1, 9):
    exif[0x0112] = orientation
    save(f"turned{orientation}.png", Image.fromarray(picture(3, 4)), exif=exif)
exif[0x0112] = 6
save("turned.jpg", rgb, quality=90, subsampling="4:4:4", exif=exif)

expected = {"decoded": {}, "upright": {}, "resized": [], "inputs": []}
for name in images:
    image = Image.open(os.path.join(here, name))
    decoded = np.asarray(image.convert("RGB"))
    expected["decoded"][name] = {"height": decoded.shape[0], "width": decoded.shape[1], "rgb": text(decoded)}
    if name.startswith("turned"):
        turned = np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
        expected["upright"][name] = {"height": turned.shape[0], "width": turned.shape[1], "rgb": text(turned)}

# 16 bits of grey: Pillow would clip to 255; the upper 8 bits are wanted.
grey16 = rng.integers(0, 65536, (11, 13)).astype(np.uint16)
Image.fromarray(grey16).save(os.path.join(here, "grey16.png"))
expected["decoded"]["grey16.png"] = {"height": 11, "width": 13, "rgb": text(np.repeat((grey16 >> 8).astype(np.uint8)[:, :, None], 3, 2))}

filters = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
source = Image.open(os.path.join(here, "rgb.png")).convert("RGB")
for name, f in filters.items():
    for width, height in [(37, 29), (18, 14), (5, 40), (80, 7), (64, 61), (1, 1), (37, 13), (11, 29)]:
        # Along the rows first, as Pillow does where the sides shrink alike. Pillow 13 begins with the columns
        # where the height loses more than twice as many pixels as the width, and gives other pixels then.
        result = source.resize((width, source.height), f).resize((width, height), f)
        expected["resized"].append({"filter": name, "width": width, "height": height, "rgb": text(np.asarray(result))})


def resized(image, size, f):
    w, h = image.size
    short, long = (w, h) if w <= h else (h, w)
    long = int(size * long / short)
    return image.resize((size, long) if w <= h else (long, size), f)


def center(image, height, width):
    left, top = int(round((image.width - width) / 2.0)), int(round((image.height - height) / 2.0))
    return image.crop((left, top, left + width, top + height))


for name, size, crop, f, mean, std in [
    ("rgb.png", 24, (17, 20), "bilinear", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ("rgb.png", 40, (40, 40), "bicubic", (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)),
    ("rgba.png", 9, (8, 9), "bicubic", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    ("rgb.png", 0, (12, 10), "bilinear", (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
]:
    image = Image.open(os.path.join(here, name)).convert("RGB")
    if size:
        image = center(resized(image, size, filters[f]), *crop)
    else:
        image = image.resize((crop[1], crop[0]), filters[f])
    x = np.asarray(image).transpose(2, 0, 1).astype(np.float32) / np.float32(255)
    x = (x - np.array(mean, np.float32)[:, None, None]) / np.array(std, np.float32)[:, None, None]
    assert x.dtype == np.float32
    expected["inputs"].append({"image": name, "resize": size, "crop": crop, "filter": f, "mean": mean, "std": std, "floats": text(x)})

with open(os.path.join(here, "pillow.json"), "w") as f:
    json.dump(expected, f, indent=1)
    f.write("\n")
