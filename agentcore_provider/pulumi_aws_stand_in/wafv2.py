"""AWS WAF: which resource a web ACL is in front of."""

from __future__ import annotations

from .resource import Resource, Scope
from .wire import Properties


class WebAclAssociation(Resource):
    """aws.wafv2.WebAclAssociation"""

    type_name = "aws:wafv2/webAclAssociation:WebAclAssociation"
    arguments = frozenset({"region", "resourceArn", "webAclArn"})
    required = frozenset({"resourceArn", "webAclArn"})
    immutable = frozenset({"resourceArn", "webAclArn"})

    def create(self, scope: Scope, inputs: Properties) -> str:
        # AWS replaces the association that the resource has; moto would keep both.
        client = scope.session.client("wafv2")
        client.disassociate_web_acl(ResourceArn=inputs["resourceArn"])
        client.associate_web_acl(WebACLArn=inputs["webAclArn"], ResourceArn=inputs["resourceArn"])
        return f"{inputs['webAclArn']},{inputs['resourceArn']}"

    def read(self, scope: Scope, resource_id: str, known: Properties) -> Properties | None:
        web_acl, _, resource = resource_id.partition(",")
        found = scope.session.client("wafv2").get_web_acl_for_resource(ResourceArn=resource).get("WebACL")
        if not found or found["ARN"] != web_acl:
            return None
        return {"region": scope.session.region, "resourceArn": resource, "webAclArn": web_acl}

    def delete(self, scope: Scope, resource_id: str, known: Properties) -> None:
        scope.session.client("wafv2").disassociate_web_acl(ResourceArn=resource_id.partition(",")[2])
