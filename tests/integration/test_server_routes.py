"""The routes: who may use them, what they answer, and that ``openapi.yaml`` tells the truth."""

from __future__ import annotations

import io
import os
import re
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from mlplayground_server.core.requests import specification
from mlplayground_server.handlers import ROUTES
from serving import ANNOUNCE, TOKEN, Server, eventually

VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
PATHS: dict[str, Any] = specification()["paths"]
# For each operation one request that works; a test asks for one of each.
WORKING: dict[str, tuple[str, dict[str, Any]]] = {
    "getState": ("state", {}),
    "putPreferences": ("preferences", {"json": {"open_everything": True}}),
    "answerHint": ("hints/target-missing", {"json": {"action": "next"}}),
    "putUpload": ("uploads?name=a.csv", {"content": b"a,b\n1,2\n"}),
    "postView": ("views", {"json": {"panel": "data_explorer/load", "seconds": 3.5}}),
    "getExport": ("export", {}),
    # Last: it deletes what the others made.
    "postForget": ("forget", {"json": {"user": "ada"}}),
}


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in PATHS.items():
        for verb in VERBS:
            if verb.lower() in item:
                yield path, verb, item[verb.lower()]


def fits(value: object, schema: dict[str, Any]) -> None:
    document = {"$ref": schema["$ref"], "components": specification()["components"]}
    Draft202012Validator(document).validate(value)


def is_error(answer: httpx.Response, status: int) -> dict[str, str]:
    assert answer.status_code == status, answer.text
    fits(answer.json(), {"$ref": "#/components/schemas/ErrorEnvelope"})
    found: dict[str, str] = answer.json()["error"]
    return found


# -- who may


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("pattern", [pattern for pattern, _ in ROUTES])
def test_nothing_is_answered_without_a_token(server: Server, pattern: str, verb: str) -> None:
    path = re.sub(r"\(\?P<\w+>[^)]*\)", "x", pattern).replace(".*", "anything")
    answer = httpx.request(verb, server.url + path)
    assert answer.status_code == 403
    if verb != "HEAD":
        is_error(answer, 403)


def test_an_upload_without_a_token_is_refused_before_it_is_taken(server: Server) -> None:
    host, port = httpx.URL(server.url).host, httpx.URL(server.url).port
    with socket.create_connection((host, port), timeout=10) as line:
        line.sendall(
            b"PUT /mlplayground/api/uploads?name=a.csv HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Length: 1000000\r\n\r\n"
        )
        assert b" 403 " in line.recv(4096).split(b"\r\n")[0]


def test_a_page_with_a_cookie_must_show_the_xsrf_token(server: Server) -> None:
    with httpx.Client(base_url=server.url, timeout=30) as browser:
        browser.get(f"/api?token={TOKEN}")
        state = browser.get(server.api("state"))
        assert state.status_code == 200
        xsrf = browser.cookies["_xsrf"]
        body = {"open_everything": False}
        is_error(browser.put(server.api("preferences"), json=body), 403)
        sent = browser.put(server.api("preferences"), json=body, headers={"X-XSRFToken": xsrf})
        assert sent.status_code == 200
        beacon = browser.post(
            server.api(f"views?_xsrf={xsrf}"),
            content=b'{"panel": "data_explorer/load", "seconds": 2}',
        )
        assert beacon.status_code == 200


def test_an_authorizer_may_refuse_each_verb(make_server: Callable[..., Server]) -> None:
    server = make_server()
    server.folder.joinpath("refusing.py").write_text(
        "from jupyter_server.auth import Authorizer\n"
        "class Refusing(Authorizer):\n"
        "    def is_authorized(self, handler, user, action, resource):\n"
        "        return resource != 'mlplayground'\n"
    )
    server.environment["PYTHONPATH"] = str(server.folder)
    server.config = {"ServerApp": {"authorizer_class": "refusing.Refusing"}}
    server.start()
    for _, verb, operation in operations():
        path, body = WORKING[operation["operationId"]]
        is_error(server.http.request(verb, server.api(path), **body), 403)


# -- the contract


def test_routes_and_openapi_name_the_same_paths_and_verbs(server: Server) -> None:
    handled = {
        (re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", pattern), verb)
        for pattern, handler in ROUTES
        for verb in VERBS
        if verb.lower() in vars(handler)
    }
    assert handled == {(path, verb) for path, verb, _ in operations()}


@pytest.mark.parametrize("operation_id", list(WORKING))
def test_each_answer_is_what_openapi_says(server: Server, operation_id: str) -> None:
    show_hint(server)
    verb, operation = next(
        (verb, operation)
        for _, verb, operation in operations()
        if operation["operationId"] == operation_id
    )
    path, body = WORKING[operation_id]
    answer = server.http.request(verb, server.api(path), **body)
    described = operation["responses"].get(str(answer.status_code))
    assert described, answer.text
    if "$ref" in described:
        name = described["$ref"].rsplit("/", 1)[1]
        described = specification()["components"]["responses"][name]
    ((kind, content),) = described["content"].items()
    assert answer.headers["Content-Type"].split(";")[0] == kind
    if kind == "application/json":
        fits(answer.json(), content["schema"])


def test_every_operation_has_a_request_that_works() -> None:
    assert set(WORKING) == {operation["operationId"] for _, _, operation in operations()}


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("PUT", "preferences", b"{"),
        ("PUT", "preferences", b'{"recording": 1}'),
        ("PUT", "preferences", b'{"colour": true}'),
        ("PUT", "preferences", b"{}"),
        ("PUT", "preferences", b"[" * 70_000),
        ("POST", "hints/h-1", b'{"action": "explode"}'),
        ("POST", "views", b'{"panel": "../x/y", "seconds": 1}'),
        ("POST", "views", b'{"panel": "a/b", "seconds": -1}'),
        ("POST", "views", b'{"panel": "a/b", "seconds": NaN}'),
        ("POST", "forget", b'{"user": "eve"}'),
        ("POST", "forget", b"null"),
        ("PUT", "uploads", b"x"),
        ("PUT", "uploads?name=..", b"x"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    server: Server, verb: str, path: str, body: bytes
) -> None:
    before = server.http.get(server.api("state")).json()["seq"]
    found = is_error(server.http.request(verb, server.api(path), content=body), 400)
    assert len(found["message"]) > 20
    assert server.http.get(server.api("state")).json()["seq"] == before


def test_wrong_verbs_and_addresses_get_the_envelope_too(server: Server) -> None:
    is_error(server.http.delete(server.api("state")), 405)
    is_error(server.http.get(server.api("nothing")), 404)
    answer = server.http.post(server.api("hints/%00%2e%2e"), json={"action": "helped"})
    is_error(answer, 404)


# -- what they do


def show_hint(server: Server) -> None:
    """What the coach does when it shows the hint ``target-missing``."""
    import json

    from mlplayground.stash import Stash

    texts = {"rungs": ["What is in y?", "Count what is missing.", "3 of 10 are <missing>."]}
    blob = Stash(str(server.home), "ada").put_blob(json.dumps(texts).encode())
    payload = {"hint": "target-missing", "rung": 1, "blob": blob, "dataset": "d1"}
    server.append("hint_shown", payload, app="data_explorer", step="load")


def test_a_hint_climbs_and_goes_as_the_learner_answers(make_server: Callable[..., Server]) -> None:
    server = make_server().start()
    show_hint(server)

    def hints() -> list[tuple[int, str]]:
        found = server.http.get(server.api("state")).json()["hints"]
        return [(hint["rung"], hint["text"]) for hint in found]

    def answer(action: str) -> httpx.Response:
        return server.http.post(server.api("hints/target-missing"), json={"action": action})

    assert hints() == [(1, "What is in y?")]
    assert answer("next").status_code == 200
    assert hints() == [(2, "Count what is missing.")]
    assert answer("dismissed").status_code == 200
    assert hints() == []
    assert "not open" in is_error(answer("helped"), 404)["message"]


def test_the_state_follows_the_steps_that_were_done(make_server: Callable[..., Server]) -> None:
    server = make_server().start()

    def explorer() -> dict[str, Any]:
        apps = server.http.get(server.api("state")).json()["apps"]
        return next(app for app in apps if app["id"] == "data_explorer")

    before = explorer()
    assert (before["done"], before["locked"]) == (0, False)
    first = before["steps"][0]["id"]
    done = {"outcome": "ok", "duration_ms": 5}
    server.append("step_finished", done, app="data_explorer", step=first)
    after = explorer()
    assert (after["done"], after["total"]) == (1, len(before["steps"]))
    assert [step["done"] for step in after["steps"]][:2] == [True, False]


def test_the_switch_is_remembered_and_counts_as_decided(make_server: Callable[..., Server]) -> None:
    server = make_server().start()
    state = server.http.get(server.api("state")).json()
    assert state["recording"] == {"on": True, "allowed": True, "decided": False}
    assert state["user"] == "ada"
    server.http.put(server.api("preferences"), json={"recording": False}).raise_for_status()
    after = server.http.get(server.api("state")).json()
    assert after["recording"] == {"on": False, "allowed": True, "decided": True}
    assert after["seq"] > state["seq"]
    server.stop()
    server.start()
    assert server.http.get(server.api("state")).json()["recording"] == after["recording"]


def test_do_not_track_is_said_and_kept(make_server: Callable[..., Server]) -> None:
    server = make_server(DO_NOT_TRACK="1").start()
    state = server.http.get(server.api("state")).json()
    assert state["recording"] == {"on": False, "allowed": False, "decided": False}
    server.http.post(
        server.api("views"), json={"panel": "data_explorer/load", "seconds": 3}
    ).raise_for_status()
    assert server.events("panel_viewed") == []


def test_a_view_is_journalled_with_its_app_and_step(server: Server) -> None:
    server.http.post(
        server.api("views"), json={"panel": "data_explorer/quality", "seconds": 12.34}
    ).raise_for_status()
    event = server.events("panel_viewed")[-1]
    assert (event.app, event.step, event.payload["seconds"]) == ("data_explorer", "quality", 12.3)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("sales.csv", "sales.csv"),
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/absolute/sales.csv", "sales.csv"),
        ("C:\\data\\sales.csv", "sales.csv"),
        ("a\x00b\n<script>.csv", "a b__script_.csv"),
        ("..hidden..csv", "hidden..csv"),
        ("Übung (2).xlsx", "Übung (2).xlsx"),
        ("é" * 400 + ".csv", "é" * 75 + ".csv"),
    ],
)
def test_an_upload_lies_in_the_stash_under_a_harmless_name(
    server: Server, given: str, kept: str
) -> None:
    answer = server.http.put(server.api("uploads"), params={"name": given}, content=b"a,b\n1,2\n")
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == kept
    folder = server.home / "users" / "ada" / "uploads" / answer.json()["upload"]
    assert [(p.name, p.read_bytes()) for p in folder.iterdir()] == [(kept, b"a,b\n1,2\n")]


def test_a_large_upload_arrives_whole(server: Server) -> None:
    data = bytes(range(256)) * 80_000
    answer = server.http.put(server.api("uploads?name=large.bin"), content=data)
    assert answer.json()["bytes"] == len(data)
    kept = server.home / "users" / "ada" / "uploads" / answer.json()["upload"] / "large.bin"
    assert kept.read_bytes() == data


def test_an_upload_over_the_limit_is_refused_in_words(make_server: Callable[..., Server]) -> None:
    server = make_server(MLPLAYGROUND_UPLOAD_MB="1").start()
    assert server.http.get(server.api("state")).json()["upload_limit"] == 1024**2
    refused = server.http.put(server.api("uploads?name=a.csv"), content=b"x" * (3 * 1024**2))
    assert "at most 1 MB" in is_error(refused, 413)["message"]
    is_error(server.http.put(server.api("uploads?name=a.csv"), content=iter([b"x" * 10])), 411)
    assert not (server.home / "users" / "ada" / "uploads").exists()
    allowed = server.http.put(server.api("uploads?name=a.csv"), content=b"x" * 1024**2)
    assert allowed.status_code == 201


def test_a_broken_off_upload_leaves_nothing(server: Server) -> None:
    stash = server.home / "users" / "ada"
    before = {p for p in stash.rglob("*") if p.is_file()}
    url = httpx.URL(server.url)
    with socket.create_connection((url.host, url.port), timeout=10) as line:
        line.sendall(
            f"PUT /mlplayground/api/uploads?name=half.csv&token={TOKEN} HTTP/1.1\r\n"
            "Host: localhost\r\nContent-Length: 1000000\r\n\r\n".encode()
            + b"x" * 300_000
        )
        eventually(lambda: list((stash / ".partial").iterdir()), "the part of the file")
    eventually(lambda: not list((stash / ".partial").iterdir()), "the part to be gone")
    new = {p for p in stash.rglob("*") if p.is_file()} - before
    assert not [p for p in new if "upload" in str(p)]


def test_a_stash_that_cannot_be_written_is_said(make_server: Callable[..., Server]) -> None:
    server = make_server()
    server.home.parent.mkdir(exist_ok=True)
    server.home.write_text("a file where the stash should be")
    server.environment["MLPLAYGROUND_DATABASE"] = f"sqlite:///{server.folder / 'p.db'}"
    server.start()
    found = is_error(server.http.put(server.api("uploads?name=a.csv"), content=b"x"), 507)
    assert found["code"] == "stash"


def test_a_user_name_that_is_no_folder_name_is_said(make_server: Callable[..., Server]) -> None:
    server = make_server(MLPLAYGROUND_USER="../eve").start()
    assert "../eve" in is_error(server.http.get(server.api("state")), 400)["message"]


def test_export_is_a_zip_of_everything(server: Server) -> None:
    server.http.put(server.api("uploads?name=mine.csv"), content=b"mine").raise_for_status()
    answer = server.http.get(server.api("export"))
    assert "mlplayground-ada.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert any(name.endswith("mine.csv") for name in archive.namelist())


def test_forget_leaves_nothing(make_server: Callable[..., Server]) -> None:
    server = make_server().start()
    server.http.put(server.api("uploads?name=mine.csv"), content=b"mine").raise_for_status()
    with server.page(server.start_kernel()) as page:
        page.run(ANNOUNCE)
        page.run("a = 1", tags=("mine",))
        eventually(lambda: server.events("cell_executed"), "the cell's event")
        is_error(server.http.post(server.api("forget"), json={"user": "Ada"}), 400)
        assert list(server.home.rglob("mine.csv"))
        server.http.post(server.api("forget"), json={"user": "ada"}).raise_for_status()
        # The kernel that is still open goes on unrecorded: the learner's choice is forgotten, too.
        page.run("b = 2")
        page.set(page.comms["IntSliderModel"], value=3)
    server.stop()
    assert not [path for path in server.home.rglob("*") if path.is_file()]
    runtime = server.folder / "runtime" / "mlplayground"
    assert not list(runtime.iterdir())


def test_all_of_it_below_a_base_url(make_server: Callable[..., Server]) -> None:
    server = make_server(base_url="/user/ada/").start()
    assert server.url.endswith("/user/ada")
    assert server.http.get(server.api("state")).status_code == 200
    assert server.http.put(server.api("uploads?name=a.csv"), content=b"x").status_code == 201
    assert httpx.get(f"{server.url}/mlplayground/api/state").status_code == 403
    root = server.url.removesuffix("/user/ada")
    headers = {"Authorization": f"token {TOKEN}"}
    assert httpx.get(f"{root}/mlplayground/api/state", headers=headers).status_code == 404


LIGHT = """
import io, sys
from mlplayground_server import extension
from mlplayground_server.core import actions, state
from mlplayground_server.core.services import Services
services = Services()
state.assemble(services)
actions.view_panel(services, "a/b", 1)
actions.export(services, io.BytesIO())
actions.forget(services, "ada")
heavy = ("pandas", "sklearn", "scipy", "pyarrow", "dask", "plotly", "ipywidgets", "mlplayground.ui",
         "mlplayground.session", "mlplayground.compute", "mlplayground.modeling")
print([name for name in heavy if name in sys.modules],
      [name for name in sys.modules if name.startswith("mlplayground.apps.")])
"""


def test_nothing_heavy_is_imported(tmp_path: Path) -> None:
    environment = {"MLPLAYGROUND_HOME": str(tmp_path), "MLPLAYGROUND_USER": "ada"}
    done = subprocess.run(
        [sys.executable, "-c", LIGHT],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["[]", "[]"]
