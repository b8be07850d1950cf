"""The states of the window that are drawn: how each is brought about, by name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit

from insomnia_desktop.ui.dialogs.environments_dialog import EnvironmentsDialog
from insomnia_desktop.ui.dialogs.preferences_dialog import PreferencesDialog
from insomnia_desktop.ui.dialogs.problem_dialog import ProblemDialog
from tests.support import sample_responses
from tests.support.sample_workspace import MADE_MS, add_export
from tests.support.stage import Stage

State = Callable[[Stage], None]


def _open_with_order(stage: Stage) -> None:
    sample_responses.store_order(stage.session.services, stage.sample)
    stage.open()


def main(stage: Stage) -> None:
    """A request with a JSON body, and its answer."""
    _open_with_order(stage)
    stage.show_request(stage.sample.order_id, tab="body")
    editor = stage.window.bench.request_pane.pages.body.current_editor()
    assert editor is not None
    cursor = editor.textCursor()
    cursor.setPosition(editor.document().findBlockByNumber(5).position())
    editor.setTextCursor(cursor)


def params(stage: Stage) -> None:
    """A table of parameters with an unknown variable, a row that is switched off, and the empty row."""
    stage.show_request(stage.sample.search_id, tab="params")


def path_params(stage: Stage) -> None:
    """Parameters in the path, and a 404."""
    sample_responses.store_missing(stage.session.services, stage.sample)
    stage.show_request(stage.sample.by_id, tab="params")


def auth_bearer(stage: Stage) -> None:
    """A bearer token."""
    stage.show_request(stage.sample.order_id, tab="auth")


def auth_basic(stage: Stage) -> None:
    """A name and a password."""
    stage.show_request(stage.sample.customer_id, tab="auth")


def headers(stage: Stage) -> None:
    """Headers of the request, and of the answer."""
    stage.show_request(stage.sample.order_id, tab="headers")
    stage.window.bench.response_pane._show_page("headers")
    stage.settle()


def headers_as_text(stage: Stage) -> None:
    """Headers as text."""
    stage.show_request(stage.sample.order_id, tab="headers")
    stage.window.bench.request_pane.tabs._bulk.click()
    stage.window.bench.response_pane._show_page("timeline")
    stage.settle()


def docs(stage: Stage) -> None:
    """Docs as written, and the cookies of the answer."""
    stage.show_request(stage.sample.order_id, tab="docs")
    stage.window.bench.response_pane._show_page("cookies")
    stage.settle()


def docs_read(stage: Stage) -> None:
    """Docs as read."""
    stage.show_request(stage.sample.order_id, tab="docs")
    stage.window.bench.request_pane.tabs._read.click()
    stage.window.bench.response_pane._show_page("preview")
    stage.settle()


def body_form(stage: Stage) -> None:
    """A body of a form; no answer yet."""
    stage.show_request(stage.sample.payment_id, tab="body")


def body_multipart(stage: Stage) -> None:
    """A body of several parts."""
    stage.show_request(stage.sample.upload_id, tab="body")


def body_file(stage: Stage) -> None:
    """A body from a file."""
    stage.show_request(stage.sample.file_id, tab="body")


def body_graphql(stage: Stage) -> None:
    """A GraphQL query with variables."""
    stage.show_request(stage.sample.graphql_id, tab="body")


def body_xml(stage: Stage) -> None:
    """An XML body."""
    stage.show_request(stage.sample.customer_id, tab="body")


def body_none(stage: Stage) -> None:
    """No body."""
    stage.show_request(stage.sample.list_id, tab="body")


def body_type_menu(stage: Stage) -> None:
    """The menu of body types."""
    stage.show_request(stage.sample.order_id, tab="body")
    stage.window.bench.request_pane.tabs.open_body_menu()
    stage.settle()


def method_menu(stage: Stage) -> None:
    """The menu of methods."""
    stage.show_request(stage.sample.order_id, tab="body")
    stage.window.bench.request_pane.open_method_menu()
    stage.settle()


def request_settings(stage: Stage) -> None:
    """Settings of one request."""
    stage.show_request(stage.sample.order_id)
    stage.window.bench.request_pane._show_page("settings")
    stage.settle()
    stage.window.bench.response_pane.body.set_mode("hex")
    stage.settle()


def find_in_body(stage: Stage) -> None:
    """Find in the body of the request; the answer as it came."""
    stage.show_request(stage.sample.order_id, tab="body")
    stage.window.bench.response_pane.body.set_mode("raw")
    stage.window.bench.request_pane.open_find()
    stage.type("sku")


def close_find(stage: Stage) -> None:
    """Take the find bar away again."""
    stage.keys("Esc")


def large_response(stage: Stage) -> None:
    """Find in a large answer."""
    export_id = add_export(stage.session.services, stage.sample)
    sample_responses.store_export(stage.session.services, export_id)
    stage.window.bench.response_pane.body.set_mode("pretty")
    stage.show_request(export_id, tab="params")
    response = stage.window.bench.response_pane
    stage.until(response.body.viewer.is_counted)
    response.body.viewer.go_to_line(20_000)
    stage.window.bench.response_pane.open_find()
    stage.type("refunded")
    stage.settle()


def failed_send(stage: Stage) -> None:
    """Nobody answered."""
    stage.window.bench.response_pane._wanted_tab = "preview"
    sample_responses.store_refusal(stage.session.services, stage.sample, started=MADE_MS + 10_000)
    stage.show_request(stage.sample.order_id, tab="body")
    stage.window.bench.response_pane.view_model.choose(None)
    stage.settle()


def history_menu(stage: Stage) -> None:
    """The responses of a request."""
    failed_send(stage)
    stage.window.bench.response_pane.open_history_menu()
    stage.settle()


def unknown_variable(stage: Stage) -> None:
    """An unknown variable stopped a send."""
    stage.show_request(stage.sample.search_id, tab="params")
    stage.window.commands.send()
    stage.until(lambda: stage.window.bench.response_pane.view_model.response is not None)
    stage.settle()


def environments(stage: Stage) -> None:
    """The environment editor, at the active environment, with a value being edited."""
    stage.show_request(stage.sample.order_id, tab="body")
    stage.window.commands.dialogs.environments()
    stage.settle()
    table = stage.part("environmentsDialog", EnvironmentsDialog).table.view
    table.edit_text(table.model().index(1, 2))
    stage.settle()


def environments_json(stage: Stage) -> None:
    """The environment editor as JSON."""
    stage.window.commands.dialogs.environments()
    stage.settle()
    dialog = stage.part("environmentsDialog", EnvironmentsDialog)
    dialog._show_view("json")
    stage.settle()


def cookies(stage: Stage) -> None:
    """The cookie editor."""
    stage.window.commands.dialogs.cookies()
    stage.settle()


def preferences(stage: Stage) -> None:
    """The first page of the preferences."""
    stage.window.commands.dialogs.preferences()
    stage.settle()


def preferences_certificates(stage: Stage) -> None:
    """The preferences, at certificates."""
    stage.window.commands.dialogs.preferences("Certificates")
    stage.settle()


def preferences_proxy(stage: Stage) -> None:
    """The preferences, at the proxy."""
    stage.window.commands.dialogs.preferences("Proxy")
    stage.settle()
    stage.part("preferencesDialog", PreferencesDialog)


def quick_switch(stage: Stage) -> None:
    """Going to a request."""
    stage.show_request(stage.sample.order_id, tab="body")
    stage.window.commands.dialogs.quick_switch()
    stage.settle()
    stage.part("quickSwitchEdit", QLineEdit).setText("ord")
    stage.settle()


def close_quick_switch(stage: Stage) -> None:
    """Take the quick switch away again."""
    stage.keys("Esc")


def workspace_settings(stage: Stage) -> None:
    """Name, docs and size of a workspace."""
    stage.window.commands.dialogs.workspace_settings()
    stage.settle()


def trash(stage: Stage) -> None:
    """The trash with a folder in it, and the notice that says how to take it back."""
    tree = stage.session.services.documents.tree(stage.sample.workspace_id)
    stage.window.sidebar.view_model.delete([row.id for row in tree if row.name == "Webhooks"])
    stage.until(lambda: stage.window.toast.isVisible())
    stage.window.commands.dialogs.trash()
    stage.settle()


def toast(stage: Stage) -> None:
    """A notice with a way back."""
    tree = stage.session.services.documents.tree(stage.sample.workspace_id)
    stage.window.sidebar.view_model.delete([row.id for row in tree if row.name == "Health"])
    stage.until(lambda: stage.window.toast.isVisible())
    stage.settle()


def shortcuts(stage: Stage) -> None:
    """The list of shortcuts."""
    stage.window.commands.dialogs.shortcuts()
    stage.settle()


def about(stage: Stage) -> None:
    """What this program is."""
    stage.window.commands.dialogs.about()
    stage.settle()


def workspace_menu(stage: Stage) -> None:
    """The menu of workspaces."""
    stage.window.sidebar.open_workspace_menu()
    stage.settle()


def environment_menu(stage: Stage) -> None:
    """The menu of environments."""
    stage.window.sidebar.open_environment_menu()
    stage.settle()


def row_menu(stage: Stage) -> None:
    """The menu of a request in the tree."""
    tree = stage.window.sidebar.tree
    tree.menu_requested.emit(tree.mapToGlobal(QPoint(120, 60)))
    stage.settle()


def rename(stage: Stage) -> None:
    """A name that is typed in the tree."""
    stage.window.sidebar.tree.select(stage.sample.order_id, edit=True)
    stage.settle()


def filtered(stage: Stage) -> None:
    """The tree, filtered."""
    stage.window.sidebar.filter_field.setText("addr")
    stage.window.sidebar.view_model.set_filter("addr")
    stage.settle()


def menu_bar(stage: Stage) -> None:
    """The menu bar, after Alt or F10; the filter is empty again."""
    stage.window.sidebar.filter_field.setText("")
    stage.window.sidebar.view_model.set_filter("")
    stage.window.menu_bar.set_always(True)
    stage.settle()


def no_sidebar(stage: Stage) -> None:
    """Request and response alone."""
    stage.window.menu_bar.set_always(False)
    stage.window.panes.toggle_sidebar()
    stage.settle()


def damaged_store(stage: Stage) -> None:
    """The store is damaged: what can be done."""
    stage.window.panes.toggle_sidebar()
    nothing: Callable[[], object] = lambda: None  # noqa: E731
    stage.window.open_dialog(
        ProblemDialog(
            "The data is damaged",
            "The file store.sqlite is damaged and cannot be used as it is.",
            "Choose what to go on with. The damaged file stays beside the new one, whatever you choose.",
            [("Restore the backup of 22 November 2026, 09:12", nothing), ("Save what can still be read", nothing)],
            stage.window,
        )
    )
    stage.settle()


def first_run(stage: Stage) -> None:
    """No request yet."""
    stage.open()


# In this order, in one window; each begins where the one before it ended, without its dialogs.
STATES: tuple[State, ...] = (
    main, params, path_params, auth_bearer, auth_basic, headers, headers_as_text, docs, docs_read, body_form,
    body_multipart, body_file, body_graphql, body_xml, body_none, body_type_menu, method_menu, request_settings,
    find_in_body, close_find, large_response, environments, environments_json, cookies, preferences,
    preferences_certificates, preferences_proxy, quick_switch, close_quick_switch, workspace_settings, shortcuts,
    about, workspace_menu, environment_menu, row_menu, rename, filtered, menu_bar, no_sidebar, damaged_store,
    failed_send, history_menu, unknown_variable, toast, trash,
)  # fmt: skip
NOT_DRAWN = (close_find, close_quick_switch)
STAY_OPEN = (find_in_body, quick_switch)
