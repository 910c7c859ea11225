"""From arguments to AWS's documents: what a program, a stack file, a command and a script all build in the same way.

Nothing here knows Pulumi. A value that is known later is an opaque object (`UNKNOWN`, or an Output of Pulumi), which
ends up where a known one would. The arguments of a resource are those of its constructor: `table` reads them.
"""
