"""Runs Lambda functions of local AWS: their own code, in worker processes with a clean environment.

    invoke(function_arn, event, client_context, region) -> InvokeResult      for targets of a gateway
    serve_invoke(request, function, qualifier, account, region) -> Response  Lambda's Invoke over the AWS API
    stop()                                                                   ends every worker at once

Workers also end by themselves when the process that started them is gone, however it went.
"""

from __future__ import annotations

from agentcore_provider.local.lambda_runtime.invocation import InvokeResult, invoke, stop
from agentcore_provider.local.lambda_runtime.invoke_api import serve_invoke

__all__ = ["InvokeResult", "invoke", "serve_invoke", "stop"]
