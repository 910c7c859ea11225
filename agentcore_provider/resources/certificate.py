"""Certificate authorities of your own that a gateway is to trust, where a server is reached by a private endpoint.

https://docs.aws.amazon.com/bedrock-agentcore-control/latest/APIReference/API_CertificateConfiguration.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from agentcore_provider.resources import documents


@dataclass(frozen=True)
class S3Certificate:
    """The certificate of an authority, as PEM in S3.

    Example:
        `S3Certificate("s3://corp-certificates/root.pem")`
    """

    uri: pulumi.Input[str]
    """Address of the object, s3://bucket/key. Updates in place."""
    bucket_owner_account_id: pulumi.Input[str] | None = None
    """Account of its bucket, 12 digits. Default: the gateway's. Updates in place."""

    def document(self) -> dict[str, object]:
        """AWS's document."""
        return {"s3": documents.of_record(self)}


@dataclass(frozen=True)
class SecretsManagerCertificate:
    """The certificate of an authority, as PEM in Secrets Manager.

    Example:
        `SecretsManagerCertificate(secret.arn)`
    """

    secret_arn: pulumi.Input[str]
    """ARN of the secret. Updates in place."""

    def document(self) -> dict[str, object]:
        """AWS's document."""
        return {"secretsManager": documents.of_record(self)}


Certificate = S3Certificate | SecretsManagerCertificate | Mapping[str, Any]
"""A record, or AWS's document of a certificate."""
