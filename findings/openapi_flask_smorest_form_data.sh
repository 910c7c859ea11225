#!/bin/sh
# flask-smorest 0.47.0: an operation with arguments of location "files" and of location "form" is described, in OpenAPI 3.0,
# with one of them as the body and the other as parameters "in: formData", a place that exists only in Swagger 2.0. The
# body is then of type application/x-www-form-urlencoded, in which no file travels.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check flask-smorest==0.47.0 marshmallow==4.4.0 flask==3.1.3
cat > "$folder/ask.py" <<'PYTHON'
from flask import Flask
from flask_smorest import Api, Blueprint
from flask_smorest.fields import Upload
from marshmallow import Schema, fields

File = Schema.from_dict({"file": Upload(required=True)}, name="File")
Title = Schema.from_dict({"title": fields.String(required=True)}, name="Title")
app = Flask("orders")
app.config.update(API_TITLE="Orders", API_VERSION="1", OPENAPI_VERSION="3.0.3")
blueprint = Blueprint("files", "files")


@blueprint.route("/files", methods=["POST"])
@blueprint.arguments(File, location="files")
@blueprint.arguments(Title, location="form")
@blueprint.response(204)
def add_file(file, title): ...


api = Api(app)
api.register_blueprint(blueprint)
document = api.spec.to_dict()
operation = document["paths"]["/files"]["post"]
places = [(it["name"], it["in"]) for it in operation["parameters"]]
print(f"flask-smorest 0.47.0, OpenAPI {document['openapi']}: parameters {places}, body {list(operation['requestBody']['content'])}")
assert places == [("file", "formData")]
assert list(operation["requestBody"]["content"]) == ["application/x-www-form-urlencoded"]
PYTHON
timeout 60 "$folder/venv/bin/python" "$folder/ask.py"
