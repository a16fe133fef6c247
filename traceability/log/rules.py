"""Merkle tree hashing of RFC 6962 section 2.1 (the same in RFC 9162): leaves, nodes, roots, inclusion, growth.

No key, clock or database here. Hashes are 32 raw bytes. `Edge` is the compact right edge of a tree: the roots of the
perfect subtrees that its size decomposes into, largest first, so that appending and the root cost O(log size).
"""

import hashlib
from collections.abc import Callable, Sequence

LEAF, NODE = b"\x00", b"\x01"
SALT_BYTES = HASH_BYTES = 32
Edge = tuple[bytes, ...]
Node = Callable[
    [int, int], bytes
]  # (height, index) → head of leaves [index · 2^height, (index + 1) · 2^height)


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data)."""
    return hashlib.sha256(LEAF + data).digest()


def commitment(salt: bytes, document: bytes) -> bytes:
    """What stands in the log for a document: SHA-256(salt ‖ document). It is the entry that everybody may read.

    Raises ValueError for a salt of another length, since a shorter one would move bytes between salt and document.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return hashlib.sha256(salt + document).digest()


def salted_leaf(salt: bytes, document: bytes) -> bytes:
    """The leaf of a document: the RFC 6962 leaf hash of its salted commitment. Raises ValueError as `commitment`."""
    return leaf_hash(commitment(salt, document))


def first_leaf(salt: bytes, document: bytes) -> bytes:
    """The leaf as it was made before entries were published: SHA-256(0x00 ‖ salt ‖ document)."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return leaf_hash(salt + document)


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(NODE + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The tree head over leaf hashes; SHA-256 of nothing for an empty tree."""
    edge: Edge = ()
    for size, leaf in enumerate(leaves):
        edge = appended(edge, size, leaf)
    return edge_root(edge)


def appended(edge: Edge, size: int, leaf: bytes) -> Edge:
    """The right edge after one more leaf. `size` is the number of leaves before it."""
    grown = list(edge)
    while size & 1:
        leaf = node_hash(grown.pop(), leaf)
        size >>= 1
    return (*grown, leaf)


def edge_root(edge: Edge) -> bytes:
    """The tree head of a compact right edge."""
    if not edge:
        return hashlib.sha256(b"").digest()
    *rest, head = edge
    for subtree in reversed(rest):
        head = node_hash(subtree, head)
    return head


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (2 or more)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of one leaf, deepest node first. Raises IndexError for a leaf that is not there."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if index < middle:
        return [*inclusion_proof(leaves[:middle], index), root(leaves[middle:])]
    return [*inclusion_proof(leaves[middle:], index - middle), root(leaves[:middle])]


def proves_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], head: bytes) -> bool:
    """Whether the audit path leads from this leaf to this tree head (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != HASH_BYTES:
        return False
    at, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and found == head


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """The nodes that show that the first `old_size` leaves are a prefix. Raises IndexError outside 0…len."""
    if not 0 <= old_size <= len(leaves):
        raise IndexError(old_size)
    return [] if old_size in (0, len(leaves)) else _subproof(old_size, leaves, whole=True)


def _subproof(old_size: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if whole else [root(leaves)]
    middle = _split(len(leaves))
    if old_size <= middle:
        return [*_subproof(old_size, leaves[:middle], whole=whole), root(leaves[middle:])]
    return [*_subproof(old_size - middle, leaves[middle:], whole=False), root(leaves[:middle])]


def proves_consistency(
    old_size: int, size: int, old_head: bytes, head: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the tree only grew (RFC 9162 section 2.1.4.2). Of an empty tree nothing is shown."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_head == head
    if not proof:
        return False
    path = [old_head, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == old_head and new == head


def range_head(low: int, high: int, node: Node) -> bytes:
    """The head of leaves [low, high); `low` must be a multiple of the largest power of two below their number."""
    width = high - low
    if width & (width - 1) == 0:
        height = width.bit_length() - 1
        return node(height, low >> height)
    middle = low + _split(width)
    return node_hash(range_head(low, middle, node), range_head(middle, high, node))


def head_of(size: int, node: Node) -> bytes:
    """The tree head at a size, from O(log size) nodes."""
    return range_head(0, size, node) if size else hashlib.sha256(b"").digest()


def audit_path(index: int, size: int, node: Node) -> list[bytes]:
    """The inclusion proof of RFC 6962 section 2.1.1 from O(log size) nodes. Raises IndexError for a leaf not there."""
    if not 0 <= index < size:
        raise IndexError(index)
    low, high, path = 0, size, []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(range_head(middle, high, node))
            high = middle
        else:
            path.append(range_head(low, middle, node))
            low = middle
    return path[::-1]


def growth_path(old_size: int, size: int, node: Node) -> list[bytes]:
    """The consistency proof of RFC 6962 section 2.1.2 from O(log size) nodes. Raises IndexError outside 0…size."""
    if not 0 <= old_size <= size:
        raise IndexError(old_size)
    if old_size in (0, size):
        return []
    low, high, whole, path = 0, size, True, []
    while old_size != high:
        middle = low + _split(high - low)
        if old_size <= middle:
            path.append(range_head(middle, high, node))
            high = middle
        else:
            path.append(range_head(low, middle, node))
            low, whole = middle, False
    if not whole:
        path.append(range_head(low, high, node))
    return path[::-1]
