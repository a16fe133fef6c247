"""`flask log …`: the transparency log."""

from flask.cli import AppGroup

from core.lines import serve
from traceability.log.probes import probe_line

log = AppGroup("log", help="The transparency log.")


@log.command("probe")
def probe() -> None:
    """Check Merkle proofs, a JSON line each; answer {"ok": true} where the proof verifies.

    {"leafIdx", "treeSize", "leafHash", "root", "proof"} means inclusion, {"size1", "size2", "root1", "root2", "proof"}
    consistency. Hashes are base64; a null proof is empty.
    """
    serve(probe_line)
