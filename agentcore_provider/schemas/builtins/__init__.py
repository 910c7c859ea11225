"""The built-in schemas: one data file per name, turned into the document that a target takes."""
