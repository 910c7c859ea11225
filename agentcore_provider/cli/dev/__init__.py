"""The short loop of tool authors on local AWS: changed code runs at once, changed tools are reported."""
