"""What dialogs say where a workspace is synced: dialogs.trash_dialog, workspace_dialog and leave_account_dialogs, with
viewmodels.synced_workspaces and environment_privacy.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QDialog

from insomnia_desktop.services.sync_views import SyncMode, SyncState, SyncStatus, WorkspaceSync
from insomnia_desktop.ui.dialogs.environments_dialog import EnvironmentsDialog
from insomnia_desktop.ui.dialogs.leave_account_dialogs import SignOutDialog
from insomnia_desktop.ui.dialogs.trash_dialog import TrashDialog
from insomnia_desktop.ui.dialogs.workspace_dialog import WorkspaceDialog
from insomnia_desktop.ui.viewmodels.synced_workspaces import synced
from insomnia_desktop.ui.widgets.fields import CheckBox
from insomnia_desktop.ui.widgets.labels import WrappedLabel
from tests.support.sync_stage import SyncStage, is_shown


def opened(stage: SyncStage, dialog: QDialog) -> QDialog:
    stage.qtbot.addWidget(dialog)
    dialog.open()
    stage.qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def sentences(dialog: QDialog) -> str:
    return " ".join(label.plain_text() for label in dialog.findChildren(WrappedLabel))


def sync_it(stage: SyncStage, *, is_synced: bool = True, cookies: bool = False) -> None:
    mode: SyncMode = "synced" if is_synced else "this_device"
    workspace_id = stage.workspace.workspace_id
    stage.syncing.known_workspaces = (WorkspaceSync(workspace_id, "Shop", mode, "g1", 1, 3, cookies=cookies),)


def test_a_workspace_on_this_device_alone_is_not_synced(stage: SyncStage) -> None:
    workspace_id = stage.workspace.workspace_id
    sync_it(stage, is_synced=False)
    assert synced(stage.session, workspace_id) is None
    sync_it(stage)
    assert synced(stage.session, workspace_id) is not None
    assert synced(stage.session, "wrk_other") is None


@pytest.mark.parametrize("is_synced", [False, True])
def test_the_trash_says_when_it_lets_go(stage: SyncStage, is_synced: bool) -> None:
    sync_it(stage, is_synced=is_synced)
    dialog = opened(stage, TrashDialog(stage.session, stage.workspace))
    assert ("until the server knows of the deletion" in sentences(dialog)) == is_synced
    dialog.close()


def test_cookies_are_synced_by_a_switch_of_the_workspace(stage: SyncStage) -> None:
    sync_it(stage, is_synced=False)
    dialog = opened(stage, WorkspaceDialog(stage.session, stage.workspace))
    assert not is_shown(dialog, "syncCookiesBox")
    dialog.close()
    sync_it(stage)
    dialog = opened(stage, WorkspaceDialog(stage.session, stage.workspace))
    box = dialog.findChild(CheckBox, "syncCookiesBox")
    assert box is not None
    assert not box.isChecked()
    box.click()
    fields = stage.session.services.documents
    stage.qtbot.waitUntil(lambda: _fields(stage).get("sync_cookies") is True)
    sync_it(stage, cookies=True)
    fields.rename(stage.workspace.workspace_id, "Shop 2").result()
    stage.drain()
    assert box.isChecked()
    box.click()
    stage.qtbot.waitUntil(lambda: "sync_cookies" not in _fields(stage))
    dialog.close()


@pytest.mark.parametrize("is_synced", [False, True])
def test_deleting_a_workspace_says_where_it_goes(stage: SyncStage, is_synced: bool) -> None:
    sync_it(stage, is_synced=is_synced)
    dialog = opened(stage, WorkspaceDialog(stage.session, stage.workspace))
    ask = dialog.findChild(QAbstractButton, "askDeleteWorkspaceButton")
    assert ask is not None
    ask.click()
    assert ("on your other devices" in sentences(dialog)) == is_synced
    dialog.close()


@pytest.mark.parametrize(
    ("pending", "said"), [(0, ""), (1, "One item is not backed up yet."), (1_204, "1,204 items are not backed up yet.")]
)
def test_signing_out_says_what_is_not_backed_up(stage: SyncStage, pending: int, said: str) -> None:
    stage.syncing.current = SyncStatus(SyncState.SAVING, pending=pending)
    dialog = SignOutDialog(stage.session)
    opened(stage, dialog)
    assert is_shown(dialog, "unsavedEdits") == bool(said)
    if said:
        assert dialog.waiting.text().startswith(said)
    stage.qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_an_environment_is_kept_on_this_device_and_synced_again(stage: SyncStage) -> None:
    environments, workspace_id = stage.session.services.environments, stage.workspace.workspace_id
    made_id, made = environments.create(workspace_id, "Staging", "#445566")
    made.result()
    stage.drain()
    sync_it(stage)
    stage.workspace.activate_environment(made_id)
    dialog = EnvironmentsDialog(stage.session, stage.workspace)
    opened(stage, dialog)
    model = dialog.view_model

    def is_private() -> bool | None:
        return model.privacy.of(model.shown.id, is_base=model.shows_base)

    assert is_private() is False
    assert not is_shown(dialog, "privateEnvironment")
    with stage.qtbot.waitSignal(model.privacy.kept_here) as told, stage.qtbot.assertNotEmitted(model.vanished):
        dialog.head.privacy_requested.emit(True)
    assert told.args == ["Staging"]
    stage.qtbot.waitUntil(lambda: is_private() is True)
    assert model.shown.name == "Staging"
    assert model.active_id == model.shown.id != made_id
    assert is_shown(dialog, "privateEnvironment")
    assert "only on this device" in dialog.list.row(model.shown.id).accessibleName()
    dialog.head.privacy_requested.emit(False)
    stage.qtbot.waitUntil(lambda: is_private() is False)
    model.show(environments.base_id(workspace_id))
    assert is_private() is None
    sync_it(stage, is_synced=False)
    model.show(model.environments[1].id)
    assert is_private() is None
    dialog.close()


def _fields(stage: SyncStage) -> dict[str, object]:
    found = stage.session.services.documents.get(stage.workspace.workspace_id)
    assert found is not None
    return found.fields
