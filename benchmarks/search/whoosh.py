"""What Whoosh would cost as the index of products: the same searches over the same invented names and stories."""

import statistics
import tempfile
import time
from random import Random

from whoosh.analysis import SimpleAnalyzer
from whoosh.fields import NUMERIC, TEXT, Schema
from whoosh.index import create_in
from whoosh.qparser import MultifieldParser

from benchmarks.search import catalogue
from core.text import fold

SEARCHES = 100


def measure(count: int) -> str:
    """Seconds to write so many products in one go, to write one more, and milliseconds of a search for twenty."""
    random = Random(2026)
    sellers = [(1, 1, "Na Rì"), (2, 2, "Ba Bể"), (3, 3, "Đắk Mil")]
    kinds = {kind[0]: place for place, kind in enumerate(catalogue.KINDS)}
    schema = Schema(id=NUMERIC(stored=True), name=TEXT(SimpleAnalyzer()), body=TEXT(SimpleAnalyzer()))
    with tempfile.TemporaryDirectory() as folder:
        index = create_in(folder, schema)

        def add(numbers: range) -> float:
            started = time.process_time()
            writer = index.writer(limitmb=256)
            for number in numbers:
                row, _packs = catalogue.invented(random, number, number, sellers, kinds)
                writer.add_document(id=number, name=fold(row["name"]), body=fold(row["story"]))
            writer.commit()
            return time.process_time() - started

        whole, one = add(range(count)), add(range(count, count + 1))
        taken = []
        with index.searcher() as searcher:
            parser = MultifieldParser(["name", "body"], schema)
            for text in catalogue.queries(SEARCHES):
                started = time.process_time()
                searcher.search(parser.parse(fold(text)), limit=20)
                taken.append((time.process_time() - started) * 1000)
    p99 = statistics.quantiles(taken, n=100)[98]
    return (
        f"Whoosh, {count:,} products: written in {whole:.0f} s, one more in {one * 1000:.0f} ms; "
        f"search p50 {statistics.median(taken):.1f} ms, p99 {p99:.1f} ms (CPU)"
    )
