"""The only package that calls AWS: find, create, update, delete, wait."""
