"""The tree after a pull: which deleted parents come back, and where what hangs nowhere is shown (3.6 rule 7)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from insomnia_desktop.base.ids import from_base64url


@dataclass(frozen=True, slots=True)
class Node:
    """A document's place in the tree of its workspace."""

    parent: str | None
    deleted: bool = False


def parents_to_restore(nodes: Mapping[str, Node], *, read_only: Collection[str] = frozenset()) -> tuple[str, ...]:
    """Return the deleted documents that have something living under them, parents before children.

    Bringing them back is an ordinary edit of this device. Called at head only: before, the child may be on its way into
    the trash. What is `read_only` (in quarantine) cannot be brought back, and nothing above is for its sake.
    """
    restored: dict[str, None] = {}
    settled: set[str] = set()
    for node in nodes.values():
        if node.deleted:
            continue
        found: list[str] = []
        at = node.parent
        while at is not None and at not in settled and at in nodes:
            settled.add(at)
            if nodes[at].deleted:
                if at in read_only:
                    break
                found.append(at)
            at = nodes[at].parent
        restored.update(dict.fromkeys(reversed(found)))
    return tuple(sorted(restored, key=lambda name: len(_ancestors(nodes, name))))


def recovered(nodes: Mapping[str, Node]) -> frozenset[str]:
    """Return the living documents without a living parent here: shown under "Recovered", nothing is written."""
    return frozenset(
        name
        for name, node in nodes.items()
        if not node.deleted and node.parent is not None and (node.parent not in nodes or nodes[node.parent].deleted)
    )


def cycle_heads(nodes: Mapping[str, Node]) -> frozenset[str]:
    """Return the member with the smallest id of each cycle: it is shown under the workspace, nothing is written."""
    heads: set[str] = set()
    settled: set[str] = set()
    for start in nodes:
        trail: dict[str, None] = {}
        at: str | None = start
        while at is not None and at in nodes and at not in settled and at not in trail:
            trail[at] = None
            at = nodes[at].parent
        if at in trail:
            members = list(trail)
            heads.add(min(members[members.index(at) :], key=from_base64url))
        settled.update(trail)
    return frozenset(heads)


def _ancestors(nodes: Mapping[str, Node], name: str) -> set[str]:
    found: set[str] = set()
    at = nodes[name].parent
    while at is not None and at in nodes and at not in found:
        found.add(at)
        at = nodes[at].parent
    return found
