"""What Pulumi's engine calls: check, diff, create, read, update, delete."""
