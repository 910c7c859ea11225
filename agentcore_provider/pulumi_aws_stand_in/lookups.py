"""Lookups about where a program runs: account, region, partition, service principals, zones."""

from __future__ import annotations

import functools

from .session import DNS_SUFFIX, PARTITION, Session
from .wire import Properties


def get_caller_identity(session: Session, arguments: Properties) -> Properties:
    """aws.get_caller_identity"""
    identity = session.client("sts").get_caller_identity()
    return {
        "accountId": identity["Account"],
        "arn": identity["Arn"],
        "id": identity["Account"],
        "userId": identity["UserId"],
    }


def get_region(session: Session, arguments: Properties) -> Properties:
    """aws.get_region"""
    region = arguments.get("region") or arguments.get("name") or session.region
    return {
        "description": _descriptions().get(region, region),
        "endpoint": f"ec2.{region}.{DNS_SUFFIX}",
        "id": region,
        "name": region,
        "region": region,
    }


def get_partition(session: Session, arguments: Properties) -> Properties:
    """aws.get_partition"""
    return {
        "dnsSuffix": DNS_SUFFIX,
        "id": PARTITION,
        "partition": PARTITION,
        "reverseDnsPrefix": ".".join(reversed(DNS_SUFFIX.split("."))),
    }


def get_service_principal(session: Session, arguments: Properties) -> Properties:
    """aws.get_service_principal"""
    region = arguments.get("region") or session.region
    service = arguments["serviceName"]
    return {
        "id": f"{service}.{region}.{DNS_SUFFIX}",
        "name": f"{service}.{DNS_SUFFIX}",
        "region": region,
        "serviceName": service,
        "suffix": DNS_SUFFIX,
    }


def get_availability_zones(session: Session, arguments: Properties) -> Properties:
    """aws.get_availability_zones, without filters"""
    region = arguments.get("region") or session.region
    zones = session.in_region(region).client("ec2").describe_availability_zones()["AvailabilityZones"]
    excluded = {*arguments.get("excludeNames", []), *arguments.get("excludeZoneIds", [])}
    kept = [zone for zone in zones if not excluded & {zone["ZoneName"], zone["ZoneId"]}]
    return {
        "groupNames": [region],
        "id": region,
        "names": [zone["ZoneName"] for zone in kept],
        "region": region,
        "zoneIds": [zone["ZoneId"] for zone in kept],
    }


@functools.cache
def _descriptions() -> dict[str, str]:
    from botocore.loaders import Loader

    partitions = Loader().load_data("endpoints")["partitions"]
    return {name: facts["description"] for partition in partitions for name, facts in partition["regions"].items()}
