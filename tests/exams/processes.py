"""Processes of the product that are ready at once.

Each is forked from a process that imported the product and made nothing of it, which takes a hundredth of the time that
a new interpreter does; it has its own memory, its own connections and the environment that it is given, and dies alone.
"""

import multiprocessing
import os
import sys
from importlib import import_module
from io import TextIOWrapper
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TextIO, cast

FORKED = multiprocessing.get_context("forkserver")


class Child:
    """A running `tests.exams.NAME`, spoken to line by line over its standard input and output."""

    def __init__(self, name: str, *words: object, env: dict[str, str], log: Path | None = None) -> None:
        FORKED.set_forkserver_preload(["tests.exams.grown"])
        theirs_in, ours_in = FORKED.Pipe(duplex=False)
        ours_out, theirs_out = FORKED.Pipe(duplex=False)
        told = name, [str(word) for word in words], env, str(log or ""), theirs_in, theirs_out
        self.process = FORKED.Process(target=_live, args=told, daemon=True)
        self.process.start()
        theirs_in.close()
        theirs_out.close()
        self.stdin, self.stdout = _text(ours_in, "w"), _text(ours_out, "r")

    def poll(self) -> int | None:
        """How it ended; None while it runs."""
        return self.process.exitcode

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        self.process.kill()
        self.process.join()

    def end(self, seconds: float = 30) -> None:
        """Close its input and wait for its own end, which must be a good one."""
        self.stdin.close()
        self.process.join(seconds)
        assert self.process.exitcode == 0, self.process.exitcode

    def close(self) -> None:
        """Whatever happened: dead, and nothing left open."""
        self.kill()
        self.stdin.close()
        self.stdout.close()


def _text(pipe: Connection, mode: str) -> TextIO:
    """A text file over a pipe's end, which it takes over."""
    file = os.fdopen(os.dup(pipe.fileno()), mode, encoding="utf-8")
    pipe.close()
    return cast(TextIO, file)


def _live(
    name: str, words: list[str], env: dict[str, str], log: str, told: Connection, say: Connection
) -> None:
    """In the child: input, output and environment as given, then its `main`."""
    os.dup2(told.fileno(), 0)
    os.dup2(say.fileno(), 1)
    if log:
        with open(log, "ab") as file:
            os.dup2(file.fileno(), 2)
    told.close()
    say.close()
    os.environ.clear()
    os.environ.update(env)
    sys.stdin = TextIOWrapper(os.fdopen(0, "rb", closefd=False))
    sys.stdout = TextIOWrapper(os.fdopen(1, "wb", closefd=False))
    import_module(f"tests.exams.{name}").main(*words)
    sys.stdout.flush()
