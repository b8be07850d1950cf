"""insomnia_desktop.services.sending and cookie_jars: a send is read, rendered, sent, stored, cancelled, and told of."""

from __future__ import annotations

import json
import threading
from concurrent.futures import Future
from pathlib import Path

import msgspec
import pytest

from insomnia_desktop.base.errors import KnownError
from insomnia_desktop.base.ids import new_row_id
from insomnia_desktop.model import Environment, FileBody, Request, Row, TextBody, Variable, fields_of, patch_between
from insomnia_desktop.sender.events import Finished, HeadersReceived, SendEvent, Started
from insomnia_desktop.services.application import Services
from insomnia_desktop.store.changes import ChangeSet, Origin
from insomnia_desktop.store.commands.documents import DeleteDocuments
from tests.support.http_echo import EchoServer

_SECONDS = 20


def _quiet(event: SendEvent) -> None:
    """Listen to nothing."""


def _request(services: Services, workspace_id: str, **fields: object) -> str:
    view = Request(id="", parent_id=None, sort_key="", **{"name": "Orders", **fields})  # type: ignore[arg-type]
    request_id, created = services.documents.create_request(workspace_id, None, fields=fields_of(view))
    created.result(_SECONDS)
    return request_id


def _set_variables(services: Services, environment: Environment, **values: object) -> None:
    rows = tuple(Variable(id=new_row_id(), name=name, value=value) for name, value in values.items())
    changed = msgspec.structs.replace(environment, variables=rows)
    services.editing.patch(environment.id, patch_between(environment, changed)).result(_SECONDS)


def test_a_request_is_sent_with_its_variables_and_its_response_is_kept(
    services: Services, workspace_id: str, server: EchoServer
) -> None:
    base = services.environments.all(workspace_id)[0]
    _set_variables(services, base, base_url=server.url, sku={"a": 1})
    request_id = _request(
        services,
        workspace_id,
        method="POST",
        url="{{ base_url }}/orders?a=1",
        parameters=(Row(id="p", name="b", value="two words"),),
        headers=(Row(id="h", name="X-Own", value="{{ sku.a }}"),),
        body=TextBody(text='{"sku": {{ sku }}}'),
    )
    events: list[SendEvent] = []
    changes: list[ChangeSet] = []
    end = services.subscribe(changes.append)
    response = services.sending.send(request_id, listener=events.append).future.result(_SECONDS)
    end()
    assert (response.state, response.status) == ("ok", 200)
    (asked,) = server.requests
    assert (asked["method"], asked["path"]) == ("POST", "/orders?a=1&b=two%20words")
    assert ["X-Own", "1"] in [list(header) for header in asked["headers"]]
    assert asked["body"] == '{"sku": {"a":1}}'
    path = services.sending.body_path(response)
    assert path is not None
    assert json.loads(path.read_bytes()) == json.loads(json.dumps(asked))
    assert services.sending.response(response.id) == response
    assert [summary.id for summary in services.sending.history(request_id)] == [response.id]
    assert [type(event) for event in events if isinstance(event, Started | HeadersReceived | Finished)] == [
        Started,
        HeadersReceived,
        Finished,
    ]
    assert [(each.origin.kind, each.changes[0].kind) for each in changes] == [("send", "response")]


def test_the_environment_of_choice_is_used_and_named_in_the_response(
    services: Services, workspace_id: str, server: EchoServer
) -> None:
    base = services.environments.all(workspace_id)[0]
    _set_variables(services, base, path="base")
    environment_id, created = services.environments.create(workspace_id, "Staging", "#00ff00")
    created.result(_SECONDS)
    _set_variables(services, services.environments.all(workspace_id)[1], path="staging")
    request_id = _request(services, workspace_id, url=server.url + "/{{ path }}")
    services.environments.activate(workspace_id, environment_id)
    active = services.sending.send(request_id, listener=_quiet).future.result(_SECONDS)
    plain = services.sending.send(request_id, listener=_quiet, environment_id=None).future.result(_SECONDS)
    assert [asked["path"] for asked in server.requests] == ["/staging", "/base"]
    assert (active.environment_id, plain.environment_id) == (environment_id, None)


def test_a_workspace_without_its_base_environment_can_still_send(
    services: Services, workspace_id: str, server: EchoServer
) -> None:
    base = services.environments.all(workspace_id)[0]
    services.store.submit(DeleteDocuments((base.id,)), origin=Origin("window")).result(_SECONDS)
    request_id = _request(services, workspace_id, url=server.url)
    assert services.sending.send(request_id, listener=_quiet).future.result(_SECONDS).status == 200


def test_cookies_are_kept_with_the_response_in_one_commit_and_sent_again(
    services: Services, workspace_id: str, server: EchoServer
) -> None:
    request_id = _request(services, workspace_id, url=server.url + "/cookie")
    changes: list[ChangeSet] = []
    end = services.subscribe(changes.append)
    services.sending.send(request_id, listener=_quiet).future.result(_SECONDS)
    services.sending.send(request_id, listener=_quiet).future.result(_SECONDS)
    end()
    jar = services.cookie_jars.jar(workspace_id)
    assert [(cookie.name, cookie.value) for cookie in jar.cookies] == [("sid", "abc")]
    assert ["Cookie", "sid=abc"] in [list(header) for header in server.requests[1]["headers"]]
    assert {change.kind for change in changes[0].changes} == {"response", "cookie_jar"}
    assert services.editing.undo_state(workspace_id).undo_label is not None


def test_cancelling_keeps_what_arrived(services: Services, workspace_id: str, server: EchoServer) -> None:
    request_id = _request(services, workspace_id, url=server.url + "/slow")
    received = threading.Event()

    def listen(event: SendEvent) -> None:
        if isinstance(event, HeadersReceived):
            received.set()

    handle = services.sending.send(request_id, listener=listen)
    assert received.wait(_SECONDS)
    handle.cancel()
    response = handle.future.result(_SECONDS)
    assert (response.state, response.status) == ("cancelled", 200)
    assert services.sending.history(request_id)[0].state == "cancelled"
    handle.cancel()


def test_cancelling_at_once_ends_the_send_too(services: Services, workspace_id: str, server: EchoServer) -> None:
    request_id = _request(services, workspace_id, url=server.url + "/slow")
    handle = services.sending.send(request_id, listener=_quiet)
    handle.cancel()
    assert handle.future.result(_SECONDS).state == "cancelled"


def test_closing_stores_what_runs(services: Services, workspace_id: str, server: EchoServer) -> None:
    request_id = _request(services, workspace_id, url=server.url + "/slow")
    handle = services.sending.send(request_id, listener=_quiet)
    assert server.arrived.wait(_SECONDS)
    services.sending.close()
    assert handle.future.result(_SECONDS).state == "cancelled"
    assert [summary.state for summary in services.sending.history(request_id)] == ["cancelled"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"url": "http://127.0.0.1:1/{{ nowhere }}"}, "template.unknown_names"),
        ({"url": "http://127.0.0.1:1/{{ a"}, "template.syntax"),
        ({"url": ""}, "send.bad_address"),
        ({"url": "http://127.0.0.1:1", "headers": (Row(id="h", name="a b", value="1"),)}, "send.bad_header"),
        ({"url": "http://127.0.0.1:1", "body": FileBody(path="/nowhere/at/all")}, "send.file_missing"),
    ],
)
def test_an_error_before_sending_is_a_failed_response_outside_of_the_history(
    services: Services, workspace_id: str, fields: dict[str, object], code: str
) -> None:
    request_id = _request(services, workspace_id, **fields)
    response = services.sending.send(request_id, listener=_quiet).future.result(_SECONDS)
    assert response.state == "failed"
    assert response.error is not None
    assert response.error.code == code
    assert services.sending.history(request_id) == []


def test_a_refused_connection_is_in_the_history(services: Services, workspace_id: str) -> None:
    request_id = _request(services, workspace_id, url="http://127.0.0.1:1")
    response = services.sending.send(request_id, listener=_quiet).future.result(_SECONDS)
    assert response.error is not None
    assert response.error.code == "send.refused"
    assert [summary.error_code for summary in services.sending.history(request_id)] == ["send.refused"]


def test_a_request_that_is_not_stored_leaves_cookies_and_no_history(
    services: Services, workspace_id: str, server: EchoServer
) -> None:
    request = Request(id="", parent_id=None, sort_key="", url=server.url + "/cookie")
    response = services.sending.send_once(request, workspace_id, listener=_quiet).future.result(_SECONDS)
    assert services.sending.body_path(response) is not None
    assert services.sending.response(response.id) is None
    assert len(services.cookie_jars.jar(workspace_id).cookies) == 1


def test_the_history_keeps_as_many_as_the_setting_says_and_can_be_emptied(
    services: Services, workspace_id: str, server: EchoServer
) -> None:
    request_id = _request(services, workspace_id, url=server.url)
    services.preferences.set("history.kept", 2)
    responses = [services.sending.send(request_id, listener=_quiet).future.result(_SECONDS) for _ in range(3)]
    assert [summary.id for summary in services.sending.history(request_id)] == [responses[2].id, responses[1].id]
    services.sending.delete_response(responses[2].id).result(_SECONDS)
    assert [summary.id for summary in services.sending.history(request_id)] == [responses[1].id]
    services.sending.clear_history(request_id).result(_SECONDS)
    assert services.sending.history(request_id) == []


def test_bodies_give_way_to_the_cap_but_never_the_newest(
    services: Services, workspace_id: str, server: EchoServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = _request(services, workspace_id, url=server.url)
    monkeypatch.setattr("insomnia_desktop.services.sending._MIB", 0)
    first, second = (services.sending.send(request_id, listener=_quiet).future.result(_SECONDS) for _ in range(2))
    services.storage.enforce_cap().result(_SECONDS)
    assert services.sending.body_path(first) is None
    assert services.sending.body_path(second) is not None


def test_the_preview_is_the_address_as_it_will_be_sent(services: Services, workspace_id: str) -> None:
    base = services.environments.all(workspace_id)[0]
    _set_variables(services, base, host="example.com")
    request = Request(
        id="", parent_id=None, sort_key="", url="{{ host }}/a?x=1", parameters=(Row(id="p", name="b", value="ü"),)
    )
    preview = services.sending.preview(request, workspace_id)
    assert (preview.url, preview.problems) == ("https://example.com/a?x=1&b=%C3%BC", ())
    unknown = services.sending.preview(msgspec.structs.replace(request, url="{{ hst }}/a"), workspace_id)
    assert "hst" in unknown.problems[0]
    assert "{{ hst }}" in unknown.url
    wrong = services.sending.preview(msgspec.structs.replace(request, url="http://a:99999999"), workspace_id)
    assert "65535" in wrong.problems[0]
    assert wrong.url == ""


def test_a_request_that_is_gone_is_told_at_once(services: Services, workspace_id: str) -> None:
    request_id = _request(services, workspace_id, url="http://127.0.0.1:1")
    services.documents.delete([request_id]).result(_SECONDS)
    with pytest.raises(KnownError) as caught:
        services.sending.send(request_id, listener=_quiet)
    assert caught.value.code == "document.not_found"


def test_warming_up_loads_the_http_library_on_the_worker(services: Services) -> None:
    done: Future[None] = services.sending.warm_up()
    done.result(_SECONDS)


def test_the_password_of_a_locked_certificate_is_asked_for_and_then_used(
    services: Services, workspace_id: str, tmp_path: Path
) -> None:
    path = tmp_path / "locked.pfx"
    path.write_bytes(_locked_pfx(b"right"))
    services.preferences.set("tls.client_certificates", [{"host": "127.0.0.1", "certificate": str(path), "key": ""}])
    request_id = _request(services, workspace_id, url="https://127.0.0.1:1")

    def code_and_reason() -> tuple[str, object]:
        error = services.sending.send(request_id, listener=_quiet).future.result(_SECONDS).error
        assert error is not None
        return error.code, error.params.get("reason")

    assert code_and_reason() == ("send.client_certificate", "password")
    services.sending.use_certificate_password(str(path), "wrong")
    assert code_and_reason() == ("send.client_certificate", "wrong_password")
    services.sending.use_certificate_password(str(path), "right")
    assert code_and_reason()[0] == "send.refused"


def _locked_pfx(password: bytes) -> bytes:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import pkcs12

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "client")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    encryption = serialization.BestAvailableEncryption(password)
    return pkcs12.serialize_key_and_certificates(b"client", key, certificate, None, encryption)
