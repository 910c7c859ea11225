"""All rows, in the order in which they are measured."""

from __future__ import annotations

from tests.bench.rows import (
    commands,
    data_plane,
    empty_up,
    many_targets,
    one_gateway,
    plugin,
    soak,
    unchanged,
    validate,
)

ROWS = (
    empty_up.ROW,
    one_gateway.ROW,
    unchanged.ROW,
    plugin.ROW,
    commands.ROW,
    validate.ROW,
    data_plane.ROW,
    *many_targets.ROWS,
    soak.ROW,
)
