"""Makes the .parquet files beside it with pyarrow: python3 make_parquet.py.

pyarrow 26.0.1, NumPy 2. Each file holds the same 300 rows in the encoding or the
compression that its name says, and the test computes their values. The version of the
pages is 2 in files whose names end in 2.
"""
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

n = 300
i = np.arange(n)
deltas = {
    "small": pa.array((i * 7919 % 1000 - 500).astype(np.int32)),
    "label": pa.array((i * i * i - 5_000_000).astype(np.int64)),
    "extreme": pa.array(np.where(i % 2 == 0, np.iinfo(np.int64).min, np.iinfo(np.int64).max)),
    "maybe": pa.array([int(k) if k % 3 else None for k in i], pa.int64()),
}
strings = {"path": pa.array([f"photos/class_{k // 10:03d}/image_{k:05d}{'é' * (k % 3)}.jpg" for k in i])}
halves = {
    "half": pa.array((i / 8 - 3).astype(np.float16)),
    "rows": pa.array([[np.float16(k), np.float16(-k / 2)] for k in i], pa.list_(pa.float16())),
}
floats = {"a": pa.array((i / 3).astype(np.float32)), "b": pa.array(i / 7), "c": pa.array(i.astype(np.int32))}


def write(name, columns, encoding=None, **options):
    table = pa.table(columns)
    if encoding:
        options["column_encoding"] = {c.replace("rows", "rows.list.element"): encoding for c in columns}
    options.setdefault("compression", "NONE")
    pq.write_table(table, f"{name}.parquet", use_dictionary=False, data_page_version="2.0" if name.endswith("2") else "1.0",
                   store_schema=False, write_statistics=False, row_group_size=200, **options)


for version in ("", "2"):
    write("delta_binary_packed" + version, deltas, "DELTA_BINARY_PACKED")
    write("delta_length" + version, strings, "DELTA_LENGTH_BYTE_ARRAY", compression="ZSTD")
    write("delta_byte_array" + version, strings, "DELTA_BYTE_ARRAY")
    write("delta_snappy" + version, deltas, "DELTA_BINARY_PACKED", compression="SNAPPY")
write("byte_stream_split", floats, "BYTE_STREAM_SPLIT", compression="ZSTD")
write("float16", halves, compression="SNAPPY")
write("float16_split2", halves, "BYTE_STREAM_SPLIT", compression="ZSTD")
write("lz4", {"label": deltas["label"]}, compression="LZ4")
