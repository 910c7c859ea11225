"""The commands that change a stack: create, import, config, up, delete."""
