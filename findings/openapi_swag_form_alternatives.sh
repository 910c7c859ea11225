#!/bin/sh
# swag 2.0.0-rc5 with --v3.1: a multipart form of a file and a title is described as multipart/form-data with an object
# without properties, and as application/x-www-form-urlencoded whose schema is oneOf a "file" and a "title", which names no
# field; "file" is no type of OpenAPI 3.1. Clients made from the document cannot send the form. As Swagger 2.0 it is right.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > go.mod <<'GO'
module orders

go 1.25
GO
cat > main.go <<'GO'
package main

// @title Orders
// @version 1
func main() {}

// @Summary Add a file
// @Accept multipart/form-data
// @Param file formData file true "The file"
// @Param title formData string true "Its title"
// @Success 204
// @Router /files [post]
func addFile() {}
GO
timeout 300 go run github.com/swaggo/swag/v2/cmd/swag@v2.0.0-rc5 init --quiet --v3.1 --outputTypes json
python3 - <<'PYTHON'
import json

content = json.load(open("docs/swagger.json"))["paths"]["/files"]["post"]["requestBody"]["content"]
for media, described in sorted(content.items()):
    print(f"swag 2.0.0-rc5: {media}: {json.dumps(described['schema'])}")
assert content["multipart/form-data"]["schema"] == {"type": "object"}
form = content["application/x-www-form-urlencoded"]["schema"]["oneOf"]
assert sorted((field["title"], field["type"]) for field in form) == [("file", "file"), ("title", "string")]
PYTHON
