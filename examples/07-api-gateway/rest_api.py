"""Makes a REST API with the stage `prod`, which passes GET /orders on to the shop, and prints its id.

python rest_api.py [ADDRESS OF THE SHOP]
"""

import sys

import boto3

shop = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:8765"

client = boto3.client("apigateway")
api = client.create_rest_api(name="orders")["id"]
root = client.get_resources(restApiId=api)["items"][0]["id"]
orders = client.create_resource(restApiId=api, parentId=root, pathPart="orders")["id"]
place = {"restApiId": api, "resourceId": orders, "httpMethod": "GET"}
client.put_method(**place, authorizationType="NONE", operationName="listOrders")
client.put_method_response(**place, statusCode="200")
client.put_integration(**place, type="HTTP_PROXY", integrationHttpMethod="GET", uri=f"http://{shop}/orders")
client.create_deployment(restApiId=api, stageName="prod")
print(api)
