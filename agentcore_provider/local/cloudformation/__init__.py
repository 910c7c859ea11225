"""AgentCore's resources in templates of CloudFormation, which moto's CloudFormation creates, updates and deletes.

    kinds.py       the resource types, and the operations of the control plane that each stands for
    properties.py  the members of an operation from the properties of a template
    resource.py    one resource of a stack
    change_set.py  change sets, where moto differs from AWS
    rollback.py    what becomes of a stack whose request failed
    stack.py       requests to CloudFormation

Imported with the first of these requests, since moto's CloudFormation loads the models of every service.
"""

from __future__ import annotations

from agentcore_provider.local.cloudformation.stack import SERVICE, serve

__all__ = ["SERVICE", "serve"]
