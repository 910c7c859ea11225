"""DNS records of Route 53."""

from __future__ import annotations

from .model import Members
from .resource import Resource, Scope
from .session import Client
from .wire import Properties


class Record(Resource):
    """aws.route53.Record, without routing policies."""

    type_name = "aws:route53/record:Record"
    arguments = frozenset({"aliases", "allowOverwrite", "name", "records", "ttl", "type", "zoneId"})
    required = frozenset({"name", "type", "zoneId"})
    immutable = frozenset({"name", "type", "zoneId"})
    outputs = frozenset({"fqdn"})
    unordered = frozenset({"records"})
    regional = False

    def create(self, scope: Scope, inputs: Properties) -> str:
        client = scope.session.client("route53")
        # CREATE fails where there is such a record.
        _change(client, "UPSERT" if inputs.get("allowOverwrite") else "CREATE", inputs["zoneId"], _members(inputs))
        return f"{inputs['zoneId']}_{inputs['name']}_{inputs['type']}"

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        zone, name, kind = _place(resource_id)
        found = _find(scope.session.client("route53"), zone, name, kind)
        if found is None:
            return None
        target = found.get("AliasTarget")
        alias = target and {
            "evaluateTargetHealth": target["EvaluateTargetHealth"],
            "name": target["DNSName"].rstrip("."),
            "zoneId": target["HostedZoneId"],
        }
        return {
            "aliases": [alias] if alias else None,
            "allowOverwrite": known.get("allowOverwrite"),
            "fqdn": name.rstrip("."),
            "name": name,
            "records": [it["Value"] for it in found.get("ResourceRecords", ())] or None,
            "ttl": found.get("TTL"),
            "type": kind,
            "zoneId": zone,
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        _change(scope.session.client("route53"), "UPSERT", new["zoneId"], _members(new))

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        client, (zone, name, kind) = scope.session.client("route53"), _place(resource_id)
        found = _find(client, zone, name, kind)
        if found is not None:
            _change(client, "DELETE", zone, found)


def _members(inputs: Properties) -> Members:
    found: Members = {"Name": inputs["name"], "Type": inputs["type"]}
    for alias in inputs.get("aliases", ()):
        target = {"DNSName": alias["name"], "HostedZoneId": alias["zoneId"]}
        found["AliasTarget"] = {**target, "EvaluateTargetHealth": alias["evaluateTargetHealth"]}
    if "records" in inputs:
        found |= {"TTL": inputs.get("ttl", 300), "ResourceRecords": [{"Value": it} for it in inputs["records"]]}
    return found


def _change(client: Client, action: str, zone: str, record: Members) -> None:
    batch = {"Changes": [{"Action": action, "ResourceRecordSet": record}]}
    client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)


def _find(client: Client, zone: str, name: str, kind: str) -> Members | None:
    answer = client.list_resource_record_sets(HostedZoneId=zone, StartRecordName=name, StartRecordType=kind)
    wanted = (name.rstrip(".").lower(), kind)
    return next(
        (it for it in answer["ResourceRecordSets"] if (it["Name"].rstrip(".").lower(), it["Type"]) == wanted), None
    )


def _place(resource_id: str) -> tuple[str, str, str]:
    """Zone, name and type; names may have underscores."""
    zone, _, rest = resource_id.partition("_")
    name, _, kind = rest.rpartition("_")
    return zone, name, kind
