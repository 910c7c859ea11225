#!/bin/sh
# moto 5.2.5: of several first calls of a service at the same time, some can fail with "'OperationModel' object has no
# attribute 'http_trait'" or the like. moto.core.model.ServiceModel overrides botocore's operation_model, and both
# methods cache under one key: between botocore's entry and moto's own, another thread reads botocore's object.
set -eu
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check moto==5.2.5 botocore==1.44.8 boto3==1.44.8
cat > "$folder/race.py" <<'PYTHON'
import sys
import threading

from moto.core.model import OperationModel
from moto.core.utils import get_service_model

SERVICES = ["glue", "iot", "sagemaker", "ec2", "connect", "quicksight", "ssm", "redshift", "rds", "cognito-idp"]
sys.setswitchinterval(1e-5)
found = set()
for service in SERVICES:
    model, together = get_service_model(service), threading.Barrier(8)

    def first_calls():
        together.wait()
        for name in model.operation_names:
            operation = model.operation_model(name)
            if not isinstance(operation, OperationModel):
                try:
                    operation.http_trait
                except AttributeError as error:
                    found.add(str(error))

    threads = [threading.Thread(target=first_calls) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
print("\n".join(sorted(found)))
PYTHON
echo "moto 5.2.5, operations of 10 services, each asked for by 8 threads at once:"
output=$(timeout 120 "$folder/venv/bin/python" "$folder/race.py")
echo "$output"
[ "$output" = "'OperationModel' object has no attribute 'http_trait'" ]
