"""Documents that users write: JSON and YAML, read within limits."""
