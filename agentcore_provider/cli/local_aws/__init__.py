"""Local AWS of a project: its process, and the environment that points to it."""
