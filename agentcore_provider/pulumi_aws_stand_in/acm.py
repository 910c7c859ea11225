"""Certificates of ACM that DNS validates."""

from __future__ import annotations

from .resource import Resource, Scope, as_tag_list, as_tag_map, replace_tags, tag_properties
from .session import Client
from .wire import Properties


class Certificate(Resource):
    """aws.acm.Certificate, requested of ACM. Local AWS issues it after a minute, whatever the DNS has."""

    type_name = "aws:acm/certificate:Certificate"
    arguments = frozenset({"domainName", "region", "subjectAlternativeNames", "tags", "validationMethod"})
    required = frozenset({"domainName"})
    immutable = frozenset({"domainName", "subjectAlternativeNames", "validationMethod"})
    outputs = frozenset({"arn", "domainValidationOptions", "status", "tagsAll"})
    unordered = frozenset({"subjectAlternativeNames"})
    tagged = True

    def create(self, scope: Scope, inputs: Properties) -> str:
        others = inputs.get("subjectAlternativeNames")
        tags = scope.session.tags(inputs)
        made = scope.session.client("acm").request_certificate(
            DomainName=inputs["domainName"],
            ValidationMethod=inputs.get("validationMethod", "DNS"),
            **({"SubjectAlternativeNames": others} if others else {}),
            **({"Tags": as_tag_list(tags)} if tags else {}),
        )
        return str(made["CertificateArn"])

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        client = scope.session.client("acm")
        found = client.describe_certificate(CertificateArn=resource_id)["Certificate"]
        others = sorted({*found.get("SubjectAlternativeNames", ())} - {found["DomainName"]})
        options = sorted(found.get("DomainValidationOptions", ()), key=lambda it: str(it["DomainName"]))
        return {
            "arn": resource_id,
            "domainName": found["DomainName"],
            "domainValidationOptions": [
                {
                    "domainName": it["DomainName"],
                    "resourceRecordName": it["ResourceRecord"]["Name"],
                    "resourceRecordType": it["ResourceRecord"]["Type"],
                    "resourceRecordValue": it["ResourceRecord"]["Value"],
                }
                for it in options
            ],
            "region": scope.session.region,
            "status": found["Status"],
            "subjectAlternativeNames": others or None,
            "validationMethod": "DNS",
            **tag_properties(scope.session, _tags(client, resource_id), known),
        }

    def update(self, scope: Scope, resource_id: str, old: Properties, new: Properties) -> None:
        client = scope.session.client("acm")
        before = _tags(client, resource_id)
        replace_tags(
            before,
            scope.session.tags(new),
            lambda keys: client.remove_tags_from_certificate(
                CertificateArn=resource_id, Tags=as_tag_list({key: before[key] for key in keys})
            ),
            lambda tags: client.add_tags_to_certificate(CertificateArn=resource_id, Tags=as_tag_list(tags)),
        )

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        scope.session.client("acm").delete_certificate(CertificateArn=resource_id)


class CertificateValidation(Resource):
    """aws.acm.CertificateValidation. It does not wait: nothing on this machine uses the certificate."""

    type_name = "aws:acm/certificateValidation:CertificateValidation"
    arguments = frozenset({"certificateArn", "region", "validationRecordFqdns"})
    required = frozenset({"certificateArn"})
    immutable = frozenset({"certificateArn", "validationRecordFqdns"})
    unordered = frozenset({"validationRecordFqdns"})

    def create(self, scope: Scope, inputs: Properties) -> str:
        arn: str = inputs["certificateArn"]
        scope.session.client("acm").describe_certificate(CertificateArn=arn)
        return arn

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        scope.session.client("acm").describe_certificate(CertificateArn=resource_id)
        return {"certificateArn": resource_id, "region": scope.session.region}

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        """There is nothing of it in AWS."""


def _tags(client: Client, arn: str) -> dict[str, str]:
    # ACM has tags without a value.
    found = client.list_tags_for_certificate(CertificateArn=arn)["Tags"]
    return as_tag_map([{"Value": "", **it} for it in found])
