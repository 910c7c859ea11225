"""AWS on this machine: an optional extra, in a process of its own."""
