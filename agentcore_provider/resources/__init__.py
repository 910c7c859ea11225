"""What a program declares: dynamic resources, components, and the records that build AWS documents."""
