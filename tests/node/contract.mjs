// SPDX-License-Identifier: Apache-2.0
// Holds every answer that the api's tests saw against the OpenAPI document: its status is described,
// and its body is what the description says. Usage: contract.mjs DOCUMENT ANSWERS
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";

const [, , documentPath, answersPath] = process.argv;
const document = parse(readFileSync(documentPath, "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema({ $id: "document", ...document });

const pointer = (...parts) =>
  "#/" + parts.map((p) => encodeURIComponent(p.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/");

// Literal paths before templates, as the server matches them.
const paths = Object.keys(document.paths)
  .sort((a, b) => a.includes("{") - b.includes("{"))
  .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`) }));

const validators = new Map();
function validator(ref) {
  if (!validators.has(ref)) validators.set(ref, ajv.compile({ $ref: `document${ref}` }));
  return validators.get(ref);
}

// Bytes that are no text make no parameter: such a path is nobody's.
function isText(path) {
  try {
    return !decodeURIComponent(path).includes("\0");
  } catch {
    return false;
  }
}

function problemOf(answer) {
  const path = !isText(answer.path) ? "/%" : answer.path.replace(/^\/api(?=\/)/, "")
    .replace(/^(\/analytics)?\/script(\.site-visit)?(\.outbound-domains)?(\.conversion-tracking)?\.js$/, "/script.js");
  if (answer.status === 304) return answer.body === "" ? null : "a body with 304";
  const known = paths.find((p) => p.pattern.test(path));
  const method = answer.method === "HEAD" ? "get" : answer.method.toLowerCase();
  const operation = known && document.paths[known.path][method];
  if (!operation) {
    return [204, 302, 404, 405, 410].includes(answer.status) ? null : "not described";
  }
  const key = operation.responses[answer.status] ? String(answer.status) : "default";
  let response = operation.responses[key];
  let ref = pointer("paths", known.path, method, "responses", key);
  if (!response) return "status not described";
  if (response.$ref) {
    ref = response.$ref;
    response = document.components.responses[ref.split("/").pop()];
  }
  const type = answer.type.split(";")[0];
  if (!response.content?.[type]) return `content type ${type} not described`;
  if (!type.endsWith("json")) return null;
  const check = validator(`${ref}/content/${type.replace("/", "~1")}/schema`);
  const values = type.endsWith("ndjson") ? answer.body.split("\n").filter(Boolean) : [answer.body];
  const wrong = values.find((value) => !check(JSON.parse(value)));
  return wrong === undefined ? null : ajv.errorsText(check.errors);
}

let passed = 0;
let failed = 0;
for (const line of readFileSync(answersPath, "utf8").split("\n").filter(Boolean)) {
  const answer = JSON.parse(line);
  // A short domain's answers are pages and redirects, no part of the API.
  if (!["", "localhost", "127.0.0.1", "[::1]"].includes(answer.host)) continue;
  const problem = problemOf(answer);
  problem ? (failed += 1) : (passed += 1);
  if (problem && failed <= 20) console.log(answer.method, answer.path, answer.status, problem, answer.body.slice(0, 300));
}
console.log(`contract: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 100 ? 0 : 1);
