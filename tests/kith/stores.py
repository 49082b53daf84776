"""Small stores to back up, as a home has them."""

import sqlite3
from contextlib import closing
from pathlib import Path


def write_store(path: Path, *values: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as store:
        store.execute("PRAGMA journal_mode=WAL")
        store.execute("CREATE TABLE IF NOT EXISTS fact (value TEXT)")
        store.executemany("INSERT INTO fact VALUES (?)", [(value,) for value in values])
        store.commit()


def read_store(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as store:
        return [row[0] for row in store.execute("SELECT value FROM fact ORDER BY rowid")]
