# A gateway with a sign-in and a function behind it, and nothing in it that is for local AWS alone but path-style S3.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  s3_use_path_style = true
}

variable "name" { type = string }
variable "description" { type = string }
variable "archive" { type = string }

resource "aws_iam_role" "gateway" {
  name               = "${var.name}-gateway"
  assume_role_policy = data.aws_iam_policy_document.trust["bedrock-agentcore"].json
}

resource "aws_iam_role" "function" {
  name               = "${var.name}-function"
  assume_role_policy = data.aws_iam_policy_document.trust["lambda"].json
}

data "aws_iam_policy_document" "trust" {
  for_each = toset(["bedrock-agentcore", "lambda"])
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["${each.key}.amazonaws.com"]
    }
  }
}

resource "aws_iam_role_policy" "gateway" {
  name = "targets"
  role = aws_iam_role.gateway.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "lambda:InvokeFunction", Resource = aws_lambda_function.orders.arn },
      { Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.schemas.arn}/*" },
    ]
  })
}

resource "aws_lambda_function" "orders" {
  function_name    = "${var.name}-orders"
  role             = aws_iam_role.function.arn
  runtime          = "python3.11"
  handler          = "index.handler"
  filename         = var.archive
  source_code_hash = filebase64sha256(var.archive)
}

resource "aws_s3_bucket" "schemas" {
  bucket        = "${var.name}-schemas"
  force_destroy = true
}

resource "aws_s3_object" "tools" {
  bucket = aws_s3_bucket.schemas.id
  key    = "tools.json"
  content = jsonencode([{
    name        = "order_status"
    description = var.description
    inputSchema = { type = "object", properties = { order_id = { type = "string" } }, required = ["order_id"] }
  }])
}

resource "aws_cognito_user_pool" "callers" {
  name = var.name
}

resource "aws_cognito_user_pool_domain" "callers" {
  domain       = var.name
  user_pool_id = aws_cognito_user_pool.callers.id
}

resource "aws_cognito_resource_server" "gateway" {
  identifier   = var.name
  name         = var.name
  user_pool_id = aws_cognito_user_pool.callers.id
  scope {
    scope_name        = "invoke"
    scope_description = "Call tools"
  }
}

resource "aws_cognito_user_pool_client" "agent" {
  name                                 = "agent"
  user_pool_id                         = aws_cognito_user_pool.callers.id
  generate_secret                      = true
  allowed_oauth_flows                  = ["client_credentials"]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_scopes                 = aws_cognito_resource_server.gateway.scope_identifiers
}

resource "aws_cloudformation_stack" "gateway" {
  name       = var.name
  depends_on = [aws_iam_role_policy.gateway, aws_s3_object.tools]
  template_body = jsonencode({
    Resources = {
      Gateway = {
        Type = "AWS::BedrockAgentCore::Gateway"
        Properties = {
          Name           = var.name
          Description    = var.description
          RoleArn        = aws_iam_role.gateway.arn
          ProtocolType   = "MCP"
          AuthorizerType = "CUSTOM_JWT"
          AuthorizerConfiguration = { CustomJWTAuthorizer = {
            DiscoveryUrl   = "https://${aws_cognito_user_pool.callers.endpoint}/.well-known/openid-configuration"
            AllowedClients = [aws_cognito_user_pool_client.agent.id]
          } }
        }
      }
      Orders = {
        Type = "AWS::BedrockAgentCore::GatewayTarget"
        Properties = {
          GatewayIdentifier = { "Fn::GetAtt" = ["Gateway", "GatewayIdentifier"] }
          Name              = "orders"
          TargetConfiguration = { Mcp = { Lambda = {
            LambdaArn  = aws_lambda_function.orders.arn
            ToolSchema = { S3 = { Uri = "s3://${aws_s3_object.tools.bucket}/${aws_s3_object.tools.key}" } }
          } } }
          CredentialProviderConfigurations = [{ CredentialProviderType = "GATEWAY_IAM_ROLE" }]
        }
      }
    }
    Outputs = { Url = { Value = { "Fn::GetAtt" = ["Gateway", "GatewayUrl"] } } }
  })
}

output "url" { value = aws_cloudformation_stack.gateway.outputs["Url"] }
output "pool" { value = aws_cognito_user_pool.callers.id }
output "client_id" { value = aws_cognito_user_pool_client.agent.id }
output "scope" { value = one(aws_cognito_resource_server.gateway.scope_identifiers) }
output "client_secret" {
  value     = aws_cognito_user_pool_client.agent.client_secret
  sensitive = true
}
