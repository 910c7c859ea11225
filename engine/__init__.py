"""Puts the project's Python packages and the Pulumi engine into the virtual environment: `make setup`."""
