"""What one page may load beyond our own: a frame from a film's host, a film of ours. Everything else stays refused."""

from flask import g

HOSTS = frozenset({"https://www.youtube-nocookie.com", "https://www.tiktok.com"})


def allow_frame(host: str) -> None:
    """Let this page hold a frame from one of the known hosts. Raises ValueError for any other."""
    if host not in HOSTS:
        raise ValueError(f"no frames from {host}")
    g.setdefault("page_policy", set()).add(f"frame-src {host}")


def allow_media() -> None:
    """Let this page play a film from our own store."""
    g.setdefault("page_policy", set()).add("media-src 'self'")


def more_policy() -> str:
    """What was allowed while this page was made, as more of its Content-Security-Policy; empty on most."""
    return "".join(f"; {rule}" for rule in sorted(g.get("page_policy", ())))
