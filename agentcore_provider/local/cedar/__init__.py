"""Policies in Cedar: the schema of a gateway's tools, validation of statements, and decisions.

Documented in devguide policy-schema-constraints, policy-validation-overview, policy-conditions, policy-time-based. cedarpy, the
Python package of the Cedar engine, decides; it is imported with the first gateway that has a policy engine. Where it reports an
error, the call is denied.
"""
