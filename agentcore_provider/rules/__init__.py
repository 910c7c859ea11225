"""What the service accepts: pure functions over documents, every rule with its source."""
