"""The only room that talks to AWS: find, create, update, delete, wait."""
