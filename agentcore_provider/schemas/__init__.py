"""Where tool schemas come from: type hints, files, S3, the default of the quick start."""
