"""Dumps made to do harm: bombs, lies, twins. corpus(folder) gives (name, where it is, words of the refusal) one by one,
each beside sound files, in a run folder of its own that the next case may use again."""
import array
import json
import os
import struct
import zlib

import dumps

SPACES = b" " * (1 << 16)


# ---- zips, byte by byte ----

class Entry:
    """A member of a zip. What is given here is written; the rest is as it should be."""

    def __init__(self, name, content, deflate=False, packed=None, crc=None, size=None, packed_size=None, offset=None,
                 extra=b"", local_name=None):
        self.name = name if isinstance(name, bytes) else name.encode()
        self.local_name = self.name if local_name is None else local_name
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        self.packed = packed if packed is not None else packer.compress(content) + packer.flush() if deflate else content
        self.method = 8 if deflate or packed is not None else 0
        self.crc = zlib.crc32(content) if crc is None else crc
        self.size = len(content) if size is None else size
        self.packed_size = len(self.packed) if packed_size is None else packed_size
        self.offset, self.extra = offset, extra

    def fields(self):
        return struct.pack("<HHHIIIH", 20, 0, self.method, 0, self.crc, self.packed_size & 0xFFFFFFFF,
                           0)[:10] + struct.pack("<III", self.crc, self.packed_size & 0xFFFFFFFF, self.size & 0xFFFFFFFF)

    def local(self):
        return b"PK\3\4" + self.fields() + struct.pack("<HH", len(self.local_name), 0) + self.local_name

    def central(self, offset):
        return (b"PK\1\2" + struct.pack("<H", 20) + self.fields() +
                struct.pack("<HHHHHII", len(self.name), len(self.extra), 0, 0, 0, 0, offset & 0xFFFFFFFF) +
                self.name + self.extra)


def zip_of(entries, end=None):
    """`end`: what goes between the directory and its end record, a function of (offset, size, count)."""
    body, directory = b"", b""
    for entry in entries:
        offset = len(body) if entry.offset is None else entry.offset
        directory += entry.central(offset)
        if entry.packed is not None and entry.offset is None:
            body += entry.local() + entry.packed
    tail = b"" if end is None else end(len(body), len(directory), len(entries))
    count = min(len(entries), 0xFFFF)
    return body + directory + tail + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)


def sound_entries(leave_out=()):
    return [Entry(key + ".npy", dumps.npy(value)) for key, value in dumps.snapshot(10).items() if key not in leave_out]


def quoted_bomb():
    """Entries whose deflate streams begin with a stored block that holds the next entry's local header: all share one
    kernel, and none claims anything that is not true of it alone."""
    header = dumps.npy_header("<f4", (12, 6))
    content = header + bytes(288)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    kernel = packer.compress(content) + packer.flush()
    last = Entry("T/fc1.npy", content, packed=kernel)
    entries, packed = [last], kernel
    for k in range(20):
        local = entries[0].local()
        packed = b"\0" + struct.pack("<HH", len(local), len(local) ^ 0xFFFF) + local + packed
        content = local + content
        entries.insert(0, Entry("T/%d.npy" % k, content, packed=packed))
    body = entries[0].local() + entries[0].packed
    directory, offset = b"", 0
    for k, entry in enumerate(entries):
        directory += entry.central(offset)
        offset += len(entry.local()) + 5
    return body + directory + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory),
                                                      len(body), 0)


def zip64_extra(*values):
    return struct.pack("<HH", 1, 8 * len(values)) + struct.pack("<%dQ" % len(values), *values)


def zip64_end(**wrong):
    """Zip64 end record and locator, with some of their fields wrong."""
    def end(offset, size, count):
        field = dict({"count": count, "size": size, "offset": offset, "locator": offset + size}, **wrong)
        record = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, field["count"], field["count"], field["size"],
                                         field["offset"])
        return record + b"PK\6\7" + struct.pack("<IQI", 0, field["locator"], 1)
    return end


def zips():
    x = dumps.npy(dumps.snapshot(10)["X"])
    rest = sound_entries(leave_out=["X"])
    zeros = bytes(1 << 26)
    yield "inflates to more than its shape", zip_of([Entry("X.npy", x + zeros, deflate=True)] + rest), "X: "
    yield "inflates to more than it claims", zip_of([Entry("X.npy", x + zeros, deflate=True, size=len(x))] + rest), "X: "
    yield "inflates to less than it claims", zip_of([Entry("X.npy", x, deflate=True, size=len(x) + 1)] + rest), "X: "
    yield "claims what cannot be", zip_of([Entry("X.npy", x, deflate=True, size=1 << 31)] + rest), "X: claims"
    yield "claims 4 GiB of a shape to fit", zip_of([Entry(
        "X.npy", dumps.npy_header("<f4", (12, 1 << 26)), deflate=True, size=128 + (12 << 28))] + rest), "X: claims"
    yield "an array of 16 GiB", zip_of([Entry("X.npy", dumps.npy_header("<f4", (12, 1 << 29)) + zeros, deflate=True)] +
                                       rest), "X: "
    yield "a zip in a zip", zip_of([Entry("X.npy", zip_of(sound_entries()))] + rest), "X: not a .npy array"
    yield "a wrong checksum", zip_of([Entry("X.npy", x, crc=1)] + rest), "X: "
    yield "a wrong name within", zip_of([Entry("X.npy", x, local_name=b"Z.npy")] + rest), "zip"
    yield "the same name twice", zip_of(sound_entries() + [Entry("X.npy", x)]), "X: duplicate key"
    yield "two names of one entry", zip_of(sound_entries() + [Entry("T/z.npy", dumps.npy(7), offset=0)]), "zip"
    yield "quoted overlaps", quoted_bomb(), "overlaps"
    yield "20,000 entries", zip_of([Entry("T/%d.npy" % k, b"") for k in range(20000)]), "entries, more than"
    for k, offset in enumerate((1 << 63, (1 << 64) - 1, (1 << 64) - 64, 1 << 32)):
        wrapped = Entry("X.npy", x, offset=0xFFFFFFFF, extra=zip64_extra(offset))
        yield "a zip64 offset that wraps, %d" % k, zip_of([*rest, wrapped]), "zip"
    for k, size in enumerate(((1 << 64) - 1, 1 << 63, (1 << 64) - 128)):
        huge = Entry("X.npy", x, packed_size=0xFFFFFFFF, extra=zip64_extra(size))
        yield "a zip64 size that wraps, %d" % k, zip_of([huge, *rest]), "zip"
    for k, wrong in enumerate(({"offset": (1 << 64) - 1}, {"offset": 1 << 63}, {"size": (1 << 64) - 1},
                               {"count": (1 << 64) - 1}, {"count": 1 << 40}, {"locator": (1 << 64) - 8})):
        data = zip_of(sound_entries(), zip64_end(**wrong))
        data = data[:-22] + data[-22:-14] + b"\xff" * 12 + data[-2:]  # all is left to the zip64 record
        yield "a zip64 directory that wraps, %d" % k, data, "zip"
    yield "bytes behind it", zip_of(sound_entries()) + b"more", "zip"
    yield "bytes before it", b"more" + zip_of(sound_entries()), "zip"


# ---- arrays ----

def npy_text(text, version=1, length=None, data=b""):
    text = text if isinstance(text, bytes) else text.encode("latin-1")
    length = len(text) if length is None else length
    return dumps.Raw(b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", length) + text + data)


def npy_shape(shape, descr="'<f4'"):
    return npy_text("{'descr': %s, 'fortran_order': False, 'shape': %s, }\n" % (descr, shape), data=bytes(288))


def arrays():
    """Of the variable X, 12 samples of 6 numbers in a sound file."""
    yield "a header of 4 GiB", npy_text("{", 2, 0xFFFFFFFF), "more than 65536"
    yield "a header of 64 KiB and 1", npy_text(b"{" + SPACES, 2), "more than 65536"
    yield "a header of 1 MiB that is there", npy_text(b"{'descr':" + 16 * SPACES, 3), "more than 65536"
    yield "a header that is longer than the file", npy_text("{", 1, 60000), "ends within"
    yield "9 axes", npy_shape("(12, 6" + ", 1" * 7 + ")"), "more than 8 axes"
    yield "10,000 axes", npy_shape("(" + "1, " * 10000 + ")"), "more than 8 axes"
    yield "a shape that overflows", npy_shape("(4611686018427387904, 8)"), "overflows"
    yield "a size that overflows", npy_shape("(99999999999999999999, )"), "overflows"
    yield "4 axes that overflow together", npy_shape("(65536, 65536, 65536, 65536)"), "overflows"
    yield "a shape of no bytes that overflows", npy_shape("(0, 18446744073709551615, 18446744073709551615)"), ""
    yield "a negative size", npy_shape("(-12, -6)"), "negative size"
    yield "2^30 samples", npy_shape("(1073741824, )", "'|u1'"), "samples"
    yield "Python objects", npy_shape("(12, )", "'|O'"), "never read"
    yield "fields", npy_shape("(12, )", "[('a', '<f4'), ('b', '|O')]"), "structured"
    yield "a pickle", dumps.Raw(b"\x80\x04cos\nsystem\n(S'echo harm'\ntR."), "not a .npy array"
    yield "control bytes as a dtype", npy_shape("(12, 6)", "'\x1b[31m\x9b2J\x07'"), "not supported"
    yield "a key twice", npy_text("{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (), }"), "duplicate"
    yield "a key of control bytes", npy_text("{'\x1b]0;x\x07': 1}"), "unknown .npy header key"
    for number, bits in (("NaN", 0x7FC00000), ("infinity", 0x7F800000), ("infinity", 0xFF800000), ("NaN", 0x7F800001)):
        body = struct.pack("<72I", *[bits if k == 50 else 0 for k in range(72)])
        yield "%s, bits %x" % (number, bits), dumps.Raw(dumps.npy_header("<f4", (12, 6)) + body), \
            number + " at index 50 (sample 8)"


def many_samples():
    """Of as many samples as are read, each map's distances fit float32 and their sum does not; and of one more."""
    for n, said in ((4096, "T/conv1: squared distance"), (4097, "n = 4097, at most 4096")):
        rows = [array.array("f", [number] * 128).tobytes() for number in (0, 1e19)]
        maps = dumps.Raw(dumps.npy_header("<f4", (n, 128, 1)) + b"".join(rows[k % 2] for k in range(n)))
        x = dumps.Raw(dumps.npy_header("<f4", (n, 1)) + bytes(4 * n))
        yield "%d samples" % n, {"X": x, "T/conv1": maps, "step": 10}, said


# ---- .safetensors and run.json ----

def safetensors(header, body=b"", length=None):
    text = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + body


def safetensors_files():
    entry = '{"dtype":"F32","shape":[12,6],"data_offsets":[%d,%d]}'
    x = '"X":' + entry % (0, 288)
    body = bytes(288)
    for length in (1 << 63, (1 << 64) - 1, (1 << 64) - 8, (1 << 20) + 1):
        yield "a header of %d" % length, safetensors("{}", body, length), "header: "
    yield "100,000 brackets", safetensors("[" * 100000), "nested deeper than"
    yield "a key twice", safetensors("{%s,%s}" % (x, x), body), "duplicate object key"
    yield "overlaps", safetensors('{%s,"Y":%s}' % (x, entry % (0, 288)), body), "overlaps"
    yield "a hole", safetensors('{"X":%s}' % (entry % (8, 296)), body + bytes(8)), "belong to no tensor"
    yield "bytes behind it", safetensors("{%s}" % x, body + b"1"), "trailing bytes"
    yield "more than there is", safetensors("{%s}" % x, body[1:]), "X: ends at"
    yield "a shape that overflows", safetensors('{"X":{"dtype":"F32","shape":[4294967296,4294967296,16],'
                                                '"data_offsets":[0,0]}}'), "overflows"
    yield "offsets that wrap", safetensors('{"X":{"dtype":"F32","shape":[12,6],"data_offsets":[9223372036854775807,'
                                           '-9223372036854775521]}}', body), "X: data_offsets"


def manifests():
    good = json.dumps(dumps.manifest("bad"))
    params = lambda text: good.replace('"params": {}', '"params": ' + text).encode()  # noqa: E731
    yield "100,000 brackets", b"[" * 100000, "nested deeper than"
    yield "33 levels", params('{"a":' * 33 + "1" + "}" * 33), "nested deeper than"
    yield "2 MiB", good.encode() + 32 * SPACES, "more than 1048576"
    yield "8 GiB", None, "more than 1048576"  # of no blocks on the disk, see write_manifest
    yield "a key twice", params('{"a": 1, "a": 2}'), "duplicate"
    yield "a key twice, deep", params('{"a": [{"b": 1, "b": 2}]}'), "duplicate"
    yield "no UTF-8", params('{"a": "@"}').replace(b"@", b"\xff"), "line 1"
    yield "half a surrogate", params(r'{"a": "\ud800"}'), "line 1"
    yield "a NUL in a name", good.replace('"bad"', r'"a\u0000b"').encode(), "line 1"
    yield "a number without end", params('{"a": ' + "9" * 5000 + "}"), "line 1"
    yield "an infinity", params('{"a": 1e999}'), "line 1"
    yield "a NaN", params('{"a": NaN}'), "line 1"
    yield "5,000 layers", json.dumps(dict(dumps.manifest("bad"), layers=[{"name": str(k)} for k in range(5000)])).encode(), \
        "layers: 5000 of them"
    yield "a name of 5,000 bytes", good.replace('"bad"', '"' + "x" * 5000 + '"').encode(), "name: "
    yield "a kind of control bytes", good.replace('"conv"', r'"\u001b[31m\u009b\u202e"', 1).encode(), "unknown kind"


# ---- files that are none ----

def odd_files(path):
    """Makes something else of the snapshot at `path`."""
    os.mkfifo(path)
    yield "a FIFO", "not a regular file"
    os.remove(path)
    os.mkdir(path)
    yield "a folder", "not a regular file"
    os.rmdir(path)
    for target in ("/dev/zero", "/dev/tty"):
        os.symlink(target, path)
        yield target, "not a regular file"
        os.remove(path)
    os.symlink(os.path.basename(path), path)
    yield "a link to itself", "cannot open"
    os.remove(path)
    os.symlink("nowhere.npz", path)
    yield "a link to nowhere", "cannot open"
    os.remove(path)


# ---- all of them ----

def write(path, data):
    with open(path, "wb") as out:
        if data is None:
            out.truncate(8 << 30)
        else:
            out.write(data)


def corpus(folder):
    run = dumps.write_run(os.path.join(folder, "bad"), steps=(0, 20))
    npz, tensors = os.path.join(run, "step-0000010.npz"), os.path.join(run, "step-0000010.safetensors")
    for name, data, said in zips():
        write(npz, data)
        yield "zip: " + name, npz, said
    for name, x, said in arrays():
        dumps.write_npz(npz, dict(dumps.snapshot(10), X=x))
        yield "array: " + name, npz, ("X: ", said)
    os.remove(os.path.join(run, "step-0000000.npz"))
    os.remove(os.path.join(run, "step-0000020.npz"))
    for name, arrays_of_it, said in many_samples():
        dumps.write_npz(npz, arrays_of_it)
        yield "array: " + name, npz, said
    os.remove(npz)
    for name, data, said in safetensors_files():
        write(tensors, data)
        yield "safetensors: " + name, tensors, said
    os.remove(tensors)
    for name, said in odd_files(npz):
        yield "file: " + name, npz, said
    manifest = os.path.join(run, "run.json")
    for name, data, said in manifests():
        write(manifest, data)
        yield "run.json: " + name, manifest, said
