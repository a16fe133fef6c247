"""`flask log …`: the transparency log."""

import runpy
import sys
from pathlib import Path
from typing import TextIO

import click
from flask.cli import AppGroup

from config import ROOT
from core.db import transaction
from core.lines import serve
from traceability.log.checking import BadPack, check_pack
from traceability.log.operations import add_cosignatures, sign_checkpoint
from traceability.log.probes import probe_line
from traceability.log.queries import latest_checkpoint, published
from traceability.log.seals import seal_rows
from traceability.log.verification import verify

log = AppGroup("log", help="The transparency log.")


@log.command("probe")
def probe() -> None:
    """Check Merkle proofs, a JSON line each; answer {"ok": true} where the proof verifies.

    {"leafIdx", "treeSize", "leafHash", "root", "proof"} means inclusion, {"size1", "size2", "root1", "root2", "proof"}
    consistency. Hashes are base64; a null proof is empty.
    """
    serve(probe_line)


@log.command("checkpoint")
def checkpoint() -> None:
    """Seal what is final, sign the tree if it has grown, and print the newest checkpoint. Keep it: it is a proof."""
    seal_rows()
    with transaction():
        sign_checkpoint()
    newest = latest_checkpoint()
    if newest is None:
        click.echo("the log is empty", err=True)
        sys.exit(1)
    click.echo(published(newest), nl=False)


@log.command("verify")
@click.option("--checkpoint", "kept", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="a checkpoint you kept; the log must still be the one it speaks of")  # fmt: skip
@click.option("--all", "every", is_flag=True, help="name every fault, not the first alone")
def verify_command(kept: tuple[Path, ...], every: bool) -> None:
    """Recompute everything from the beginning; name the first fault; exit 1 if there is one."""
    found = 0
    for fault in verify([path.read_text(encoding="utf-8", errors="replace") for path in kept]):
        found += 1
        click.echo(f"{fault.place}: {fault.why}")
        if not every:
            break
    newest = latest_checkpoint()
    size = newest.size if newest else 0
    click.echo(f"{found or 'no'} faults; last signed at {size} leaves")
    sys.exit(1 if found else 0)


@log.command("cosign")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"))
def cosign(file: TextIO) -> None:
    """Add the signatures of known witnesses under a checkpoint of ours, from a FILE ("-" for standard input)."""
    with transaction():
        count = add_cosignatures(file.read())
    click.echo(f"{count} new")


@log.command("check-pack")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"))
@click.option("--key", "trusted", multiple=True, help="a verifier key you know from elsewhere")
def check_pack_command(file: TextIO, trusted: tuple[str, ...]) -> None:
    """Check a saved proof pack; needs no database and no server. Exit 1 where it proves nothing."""
    try:
        found = check_pack(file.read(), trusted)
    except BadPack as error:
        click.echo(f"not proved: {error}")
        sys.exit(1)
    click.echo(
        f"lot {found.lot}: {found.events} events and {found.papers} papers are in the log of {found.size} leaves"
    )
    for step in found.steps:
        click.echo(f"  {step}")
    if found.serial:
        click.echo(f"label {found.serial} was made from this lot's history")
    click.echo(
        f"signed by {found.key}" + ("" if trusted else " (the pack's own key: compare it with one you know)")
    )
    click.echo(f"witnesses: {', '.join(found.witnesses) or 'none yet'} ({found.quorum} needed)")


@click.command("witness", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def witness_command(arguments: tuple[str, ...]) -> None:
    """Run scripts/witness.py, the witness that anybody can run elsewhere: `key NAME`, `run ADDRESS VKEY`."""
    sys.exit(runpy.run_path(str(ROOT / "scripts" / "witness.py"))["main"](list(arguments)))
