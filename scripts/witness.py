#!/usr/bin/env python3
"""A witness for a transparency log: one file, Python 3.9 or later, nothing to install.

It remembers the last checkpoint it signed. It fetches the present one, checks the log's signature and that the tree
only grew (from the log's own proof, checked here), and only then signs (C2SP cosignature/v1, Ed25519) and sends its
line back. A log that shows it another past is refused, and the two checkpoints are kept as evidence.

    python witness.py key witness.example/me --folder ~/witness           make a key; print the verifier key to give out
    python witness.py run https://shop.example/log LOG-VKEY --folder ~/witness    once; put it into cron

Exit codes: 0 signed or nothing new, 1 could not reach or read the log, 2 THE LOG IS FORKED.
"""

import argparse
import base64
import fcntl
import hashlib
import json
import os
import sys
import time
import urllib.request

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
BYTES_MAX = 200_000


class Refused(Exception):
    """What the log shows cannot be signed."""


class Forked(Refused):
    """The log shows another past than it did."""


# Ed25519 by RFC 8032 section 5.1. Slow (some milliseconds) and not constant in time: for a machine of one's own.


def _add(a, b):
    """Add two points in extended coordinates."""
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    x, y, z, t = f - e, h - g, h + g, f + e
    return x * y % P, z * t % P, y * z % P, x * t % P


def _times(scalar, point):
    found = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            found = _add(found, point)
        point, scalar = _add(point, point), scalar >> 1
    return found


def _x_of(y, sign):
    """The x of a point with this y and sign; None where there is none."""
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    return P - x if x & 1 != sign else x


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = _x_of(BASE_Y, 0)
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def _packed(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def _unpacked(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def _number(*parts):
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def _secret(seed):
    digest = hashlib.sha512(seed).digest()
    return (int.from_bytes(digest[:32], "little") & (1 << 254) - 8) | 1 << 254, digest[32:]


def public_key(seed):
    """The 32 bytes of the public key of a seed of 32 bytes."""
    return _packed(_times(_secret(seed)[0], BASE))


def sign(seed, message):
    """An Ed25519 signature, 64 bytes."""
    scalar, prefix = _secret(seed)
    public, nonce = public_key(seed), _number(prefix, message) % L
    point = _packed(_times(nonce, BASE))
    return point + ((nonce + _number(point, public, message) % L * scalar) % L).to_bytes(32, "little")


def verify(public, message, signature):
    """Whether an Ed25519 signature holds."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, point, s = _unpacked(public), _unpacked(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or point is None or s >= L:
        return False
    left = _times(s, BASE)
    right = _add(point, _times(_number(signature[:32], public, message) % L, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


# Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature).


def key_id(name, kind, public):
    """The first 4 bytes of SHA-256(name, newline, type, key)."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def vkey(name, kind, public):
    """A verifier key: name+id+key."""
    return f"{name}+{key_id(name, kind, public).hex()}+{base64.b64encode(bytes([kind]) + public).decode()}"


def read_checkpoint(note, log_vkey):
    """(text, origin, size, root) of a note that this log's key signed. Raises Refused."""
    name, wanted, key = log_vkey.strip().split("+", 2)
    material = base64.b64decode(key)
    if material[0] != 1 or key_id(name, 1, material[1:]).hex() != wanted:
        raise Refused("the log's verifier key is malformed")
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    signed = False
    for line in lines.strip().split("\n"):
        parts = line.split(" ")
        value = base64.b64decode(parts[2]) if len(parts) == 3 and parts[0] == "—" else b""
        if value and parts[1] == name and value[:4].hex() == wanted:
            if not verify(material[1:], text.encode(), value[4:]):
                raise Refused("the log's signature is wrong")
            signed = True
    fields = text.split("\n")
    if not signed or len(fields) < 4 or not fields[1].isdigit() or str(int(fields[1])) != fields[1]:
        raise Refused("not a checkpoint signed by this log")
    root = base64.b64decode(fields[2])
    if len(root) != 32 or fields[0] != name:
        raise Refused("not a checkpoint of this log")
    return text, fields[0], int(fields[1]), root


def cosign(text, name, seed, now):
    """Our line under a checkpoint's text."""
    value = now.to_bytes(8, "big") + sign(seed, f"cosignature/v1\ntime {now}\n{text}".encode())
    return f"— {name} {base64.b64encode(key_id(name, 4, public_key(seed)) + value).decode()}"


def _node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def only_grew(old_size, size, old_root, root, proof):
    """RFC 9162 section 2.1.4.2: whether the tree of the old size is the beginning of the new one."""
    if old_size == 0:
        return True
    if old_size > size:
        return False
    if old_size == size:
        return old_root == root and not proof
    if not proof:
        return False
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for beside in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = _node(beside, old), _node(beside, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = _node(new, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and (old, new) == (old_root, root)


# The witness.


def fetch(address, body=None):
    """The body of an address, as text. A body is posted."""
    if not address.startswith(("http://", "https://")):
        raise Refused("an address starts with http:// or https://")
    request = urllib.request.Request(address, data=body, headers={"User-Agent": "witness/1"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read(BYTES_MAX).decode()


def _keep(folder, name, text):
    """Write a file so that it is whole or not there."""
    path = os.path.join(folder, name)
    with open(path + ".new", "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(path + ".new", path)


def _read(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as source:
        return source.read()


def make_key(folder, name):
    """Make the witness's key, once; its verifier key."""
    if not name or "+" in name or any(one.isspace() for one in name):
        raise Refused("a name has no space and no plus")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    path = os.path.join(folder, "key.json")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        seed = os.urandom(32)
        json.dump({"name": name, "seed": seed.hex()}, out)
    return vkey(name, 4, public_key(seed))


def run(address, log_vkey, folder, now=None, get=fetch):
    """Look once; what was done. Raises Forked where the log shows another past, Refused for what is no checkpoint."""
    key = json.loads(_read(folder, "key.json") or "{}")
    if not key:
        raise Refused("there is no key here: make one first")
    with open(os.path.join(folder, "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        note = get(address + "/checkpoint")
        text, origin, size, _root = read_checkpoint(note, log_vkey)
        memory = hashlib.sha256(origin.encode()).hexdigest()[:16] + ".checkpoint"
        before = _read(folder, memory)
        if before is not None:
            _check_growth(address, folder, before, note, log_vkey, get)
        _keep(folder, memory, note)
        line = cosign(text, key["name"], bytes.fromhex(key["seed"]), int(now or time.time()))
        get(address + "/cosignatures", f"{text}\n{line}\n".encode())
        return f"signed {origin} at {size} leaves"


def _check_growth(address, folder, before, note, log_vkey, get):
    _text, _origin, old_size, old_root = read_checkpoint(before, log_vkey)
    _text, _origin, size, root = read_checkpoint(note, log_vkey)
    proof = []
    if 0 < old_size < size:
        said = json.loads(get(f"{address}/consistency/{old_size}/{size}"))
        proof = [base64.b64decode(one) for one in said["proof"]]
    if not only_grew(old_size, size, old_root, root, proof):
        _keep(folder, f"FORK-{old_size}-{size}.txt", before + "\n" + note)
        raise Forked(f"the log of {size} leaves is not the log of {old_size} leaves that was signed before")


def main(arguments=None):
    """The command line."""
    parser = argparse.ArgumentParser("witness", description="A witness for a transparency log.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, names in (("key", ("name",)), ("run", ("address", "vkey"))):
        one = verbs.add_parser(verb)
        for name in names:
            one.add_argument(name)
        one.add_argument("--folder", default="witness")
    said = parser.parse_args(arguments)
    try:
        if said.verb == "key":
            print(make_key(said.folder, said.name))
        else:
            print(run(said.address.rstrip("/"), said.vkey, said.folder))
    except Forked as fork:
        print(f"FORKED: {fork}. Nothing was signed; the evidence lies in {said.folder}", file=sys.stderr)
        return 2
    except (Refused, OSError, ValueError, KeyError) as error:
        print(f"not signed: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
