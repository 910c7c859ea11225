"""Policies of gateways: their schema, and tests of what they decide."""
