// Runs inside a worker process: loads a Node.js handler, then answers one invocation after the other.
// Started as `node node_bootstrap.mjs REPLY_FD HANDLER FOLDER`; speaks as python_bootstrap.py does.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

const [replyFd, handlerName, folder] = [Number(process.argv[2]), process.argv[3], process.argv[4]];

function write(fd, text) {
  let rest = Buffer.from(text);
  while (rest.length) {
    try {
      rest = rest.subarray(fs.writeSync(fd, rest));
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

function reply(message, endOfLog) {
  write(1, `\x1e${endOfLog}\n`);
  write(replyFd, JSON.stringify(message) + "\n");
}

function failure(error, requestId) {
  const text = error instanceof Error ? error.message : String(error);
  const type = error?.errorType ?? (error instanceof Error ? error.name : typeof error);
  const stack = error instanceof Error && !error.errorType ? String(error.stack).split("\n") : [];
  write(1, `[ERROR] ${type}: ${text}\n${stack.slice(1).join("\n")}\n`);
  return { error: JSON.stringify({ errorType: type, errorMessage: text, requestId, trace: stack }) };
}

async function load() {
  const dot = handlerName.lastIndexOf(".");
  const named = (errorType, message) => Object.assign(new Error(message), { errorType });
  if (dot < 1) throw named("Runtime.MalformedHandlerName", `Bad handler '${handlerName}'`);
  const [file, name] = [handlerName.slice(0, dot), handlerName.slice(dot + 1)];
  const found = [".mjs", ".js", ".cjs"].map((end) => path.join(folder, file + end)).find((p) => fs.existsSync(p));
  if (!found) throw named("Runtime.ImportModuleError", `Error: Cannot find module '${file}'`);
  const module = await import(pathToFileURL(found));
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler !== "function") {
    throw named("Runtime.HandlerNotFound", `${handlerName} is undefined or not exported`);
  }
  return handler;
}

function context(request) {
  const env = process.env;
  return {
    awsRequestId: request.request_id,
    invokedFunctionArn: request.function_arn,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    // the Node.js runtime hands `custom` over under both spellings
    clientContext: request.client_context && { Custom: request.client_context.custom, ...request.client_context },
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(Math.trunc(request.deadline * 1000 - Date.now()), 0),
  };
}

function run(handler, request) {
  return new Promise((resolve, reject) => {
    const callback = (error, result) => (error ? reject(error) : resolve(result));
    const result = handler(JSON.parse(request.event), context(request), callback);
    if (typeof result?.then === "function") result.then(resolve, reject);
    else if (result !== undefined || handler.length < 3) resolve(result);
  });
}

let handler;
let broken;
try {
  handler = await load();
} catch (error) {
  broken = error;
}
// A thread of its own reads, so that a handler that never yields still ends when the one who asks is gone,
// and with it everything the handler started.
const listener = `
  const fs = require("node:fs");
  const { parentPort } = require("node:worker_threads");
  const chunk = Buffer.alloc(65536);
  let rest = Buffer.alloc(0);
  for (let size; (size = fs.readSync(0, chunk)); ) {
    rest = Buffer.concat([rest, chunk.subarray(0, size)]);
    for (let end; (end = rest.indexOf(10)) >= 0; rest = rest.subarray(end + 1)) {
      parentPort.postMessage(rest.subarray(0, end).toString());
    }
  }
  process.kill(-process.pid, "SIGKILL");
`;
new Worker(listener, { eval: true }).on("message", async (line) => {
  const request = JSON.parse(line);
  // Read by the SDK in the function, which sends it on.
  process.env._X_AMZN_TRACE_ID = request.trace_id;
  let outcome;
  try {
    if (broken) throw broken;
    outcome = { payload: JSON.stringify((await run(handler, request)) ?? null) };
  } catch (error) {
    outcome = failure(error, request.request_id);
  }
  reply(outcome, request.request_id);
});
reply({ ready: true }, "init");
