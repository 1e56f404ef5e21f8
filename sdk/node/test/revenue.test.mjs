// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { afterEach, describe, test } from "node:test";
import { Revenue, RevenueError, RevenueQueueFullError, RevenueValidationError } from "../dist/index.js";

const sale = (fields = {}) =>
  ({ customer_id: "c1", amount: 99.99, currency: "USD", transaction_id: "pi_1", ...fields });

// Answers with `script[n]` ({status, body, headers}) or a function of the request; then with 202.
async function fakeServer(script = []) {
  const seen = [];
  const server = createServer((request, answer) => {
    let text = "";
    request.on("data", (bytes) => { text += bytes; });
    request.on("end", () => {
      const body = JSON.parse(text);
      seen.push({ url: request.url, token: request.headers["x-api-token"], body, at: performance.now() });
      const next = script.shift() ?? yes;
      const { status = 202, body: reply = { success: true }, headers = {} } =
        typeof next === "function" ? next(body) : next;
      answer.writeHead(status, headers).end(typeof reply === "string" ? reply : JSON.stringify(reply));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { seen, server, endpoint: `http://127.0.0.1:${server.address().port}` };
}
const yes = (body) => body.events
  ? { body: { results: body.events.map(() => ({ success: true, status: 202 })) } }
  : {};
const busy = { status: 503, body: "" };

let open = [];
afterEach(() => {
  for (const server of open) { server.close(); server.closeAllConnections(); }
  open = [];
});
async function client(script, options = {}) {
  const fake = await fakeServer(script);
  open.push(fake.server);
  const revenue = new Revenue({ apiToken: "sec_1", endpoint: fake.endpoint, retryBackoff: 1, ...options });
  return { ...fake, revenue };
}

test("one event on the wire", async () => {
  const { seen, revenue } = await client();
  assert.deepEqual(await revenue.track(sale()), { success: true });
  assert.equal(seen.length, 1);
  assert.equal(seen[0].url, "/api/revenue");
  assert.equal(seen[0].token, "sec_1");
  assert.deepEqual(seen[0].body, { type: "revenue", token: "sec_1", data: sale() });
});

describe("endpoints that people configure", () => {
  for (const suffix of ["", "/", "/api", "/api/ingest", "/api/revenue", "/api/revenue/batch", "/api/ingest/"]) {
    test(suffix || "(none)", async () => {
      const fake = await fakeServer();
      open.push(fake.server);
      await new Revenue({ apiToken: "t", endpoint: fake.endpoint + suffix }).track(sale());
      assert.equal(fake.seen[0].url, "/api/revenue");
    });
  }
});

test("CommonJS gives the same", () => {
  assert.equal(typeof createRequire(import.meta.url)("../dist/index.cjs").Revenue, "function");
});

test("what the constructor needs", () => {
  assert.throws(() => new Revenue({ endpoint: "http://127.0.0.1" }), /apiToken is required/);
  assert.throws(() => new Revenue({ apiToken: "t" }), /endpoint is required/);
});

describe("what is refused before it is sent", () => {
  const rows = [
    [{ customer_id: "" }, "customer_id", "customer_id is required."],
    [{ customer_id: 5 }, "customer_id", "customer_id must be a string, not number."],
    [{ transaction_id: undefined }, "transaction_id", "transaction_id is required. Use the payment provider's id."],
    [{ transaction_id: "x".repeat(256) }, "transaction_id", "transaction_id is longer than 255 characters."],
    [{ amount: 0 }, "amount", "Revenue amount must be positive"],
    [{ amount: -1 }, "amount", "Revenue amount must be positive"],
    [{ amount: "5" }, "amount", "Invalid amount"],
    [{ amount: NaN }, "amount", "Invalid amount"],
    [{ amount: 5, event_type: "refund" }, "amount", "Refund amount must be negative"],
    [{ amount: 5, event_type: "churn" }, "amount", "Churn amount must be 0"],
    [{ event_type: "chargeback" }, "event_type",
      "event_type must be one of: purchase, subscription, renewal, upgrade, downgrade, churn, refund."],
    [{ event_type: "upgrade" }, "mrr_impact", "mrr_impact is required for upgrade."],
    [{ event_type: "upgrade", mrr_impact: -5 }, "mrr_impact", "mrr_impact must be positive for upgrade."],
    [{ event_type: "churn", amount: 0, mrr_impact: 5 }, "mrr_impact", "mrr_impact must be negative for churn."],
    [{ mrr_impact: "5" }, "mrr_impact", "mrr_impact must be a number."],
    [{ currency: "dollar" }, "currency", "currency must be an ISO 4217 code."],
    [{ metadata: [] }, "metadata", "metadata must be an object."],
  ];
  for (const [fields, field, message] of rows) {
    test(`${JSON.stringify(fields)}`, async () => {
      const { seen, revenue } = await client();
      await assert.rejects(revenue.track(sale(fields)), (error) => {
        assert.ok(error instanceof RevenueValidationError);
        assert.deepEqual([error.field, error.message], [field, message]);
        return true;
      });
      assert.equal(seen.length, 0);
    });
  }
});

describe("what is sent although the amount is not positive", () => {
  for (const fields of [
    { event_type: "refund", amount: -5 },
    { event_type: "churn", amount: 0, mrr_impact: -29.99 },
    { event_type: "upgrade", amount: 0, mrr_impact: 20 },
    { event_type: "subscription", amount: 0, mrr_impact: 20, metadata: { trial: true } },
  ]) {
    test(fields.event_type, async () => {
      const { revenue } = await client();
      assert.equal((await revenue.track(sale(fields))).success, true);
    });
  }
});

test("a server in trouble is asked again", async () => {
  const { seen, revenue } = await client([busy, { status: 429, body: "" }, busy]);
  assert.deepEqual(await revenue.track(sale()), { success: true });
  assert.equal(seen.length, 4);
  assert.ok(seen.every((request) => request.body.data.transaction_id === "pi_1"));
});

test("a refusal for good is told and not repeated", async () => {
  const { seen, revenue } = await client([{ status: 409, body: { message: "Duplicate transaction" } }]);
  await assert.rejects(revenue.track(sale()), (error) => {
    assert.ok(error instanceof RevenueError);
    assert.equal(error.status, 409);
    assert.match(error.message, /Duplicate transaction/);
    return true;
  });
  assert.equal(seen.length, 1);
  assert.equal(revenue.pending, 0);
});

test("a duplicate is a success that says so", async () => {
  const { revenue } = await client([{ body: { success: true, duplicate: true } }]);
  assert.deepEqual(await revenue.track(sale()), { success: true, duplicate: true });
});

describe("Retry-After", () => {
  const rows = [
    ["whole seconds", () => "1", {}, 950],
    ["a date", () => new Date(Date.now() + 2000).toUTCString(), {}, 900],
    ["a date that is over", () => new Date(0).toUTCString(), {}, 0],
    ["more than the client waits", () => "86400", { maxRetryAfter: 50 }, 45],
    ["a date far away", () => "Fri, 31 Dec 2100 23:59:59 GMT", { maxRetryAfter: 50 }, 45],
    ["nonsense", () => "soon", {}, 0],
  ];
  for (const [name, text, options, least] of rows) {
    test(name, async () => {
      const limited = () => ({ status: 429, body: "", headers: { "retry-after": text() } });
      const { seen, revenue } = await client([limited], options);
      await revenue.track(sale());
      assert.equal(seen.length, 2);
      assert.ok(seen[1].at - seen[0].at >= least, `${seen[1].at - seen[0].at} ms`);
    });
  }
});

test("what cannot be sent waits, in order, and nobody waits for ever", async () => {
  const { seen, revenue } = await client([busy, busy, busy], { maxRetries: 2 });
  assert.deepEqual(await revenue.track(sale({ transaction_id: "a" })), { success: false, queued: true });
  assert.equal(revenue.pending, 1);
  assert.deepEqual(await revenue.track(sale({ transaction_id: "b" })), { success: true });
  assert.equal(revenue.pending, 0);
  assert.deepEqual(seen.at(-1).body.events.map((event) => event.transaction_id), ["a", "b"]);
});

test("flush tells what it did", async () => {
  const { revenue } = await client([busy, { status: 400, body: { message: "no" } }], { maxRetries: 0 });
  assert.equal((await revenue.track(sale())).queued, true);
  assert.deepEqual(await revenue.flush(), { sent: 0, failed: 1, pending: 0 });
  assert.deepEqual(await revenue.flush(), { sent: 0, failed: 0, pending: 0 });
});

test("a full queue refuses instead of forgetting", async () => {
  const { revenue } = await client([busy], { maxRetries: 0, maxQueue: 1 });
  assert.equal((await revenue.track(sale())).queued, true);
  await assert.rejects(revenue.track(sale({ transaction_id: "b" })), RevenueQueueFullError);
  assert.deepEqual(await revenue.flush(), { sent: 1, failed: 0, pending: 0 });
});

test("a batch has a result for each event, and only those in trouble are sent again", async () => {
  const script = [() => ({ body: { results: [
    { success: true, status: 202 },
    { success: false, status: 409, message: "Duplicate transaction" },
    { success: false, status: 503, message: "later" },
    { success: true, status: 202, duplicate: true },
  ] } })];
  const { seen, revenue } = await client(script);
  const events = ["a", "b", "c", "d"].map((id) => sale({ transaction_id: id }));
  const results = await revenue.trackBatch([...events, sale({ amount: 0 })]);
  assert.deepEqual(results, [
    { success: true },
    { success: false, status: 409, message: "Duplicate transaction" },
    { success: true },
    { success: true, duplicate: true },
    { success: false, message: "Revenue amount must be positive" },
  ]);
  assert.deepEqual(seen.map((request) => request.url), ["/api/revenue/batch", "/api/revenue"]);
  assert.equal(seen[1].body.data.transaction_id, "c");
});

test("many events go in requests of a hundred, in order", async () => {
  const { seen, revenue } = await client();
  const ids = Array.from({ length: 250 }, (_, i) => `pi_${i}`);
  await revenue.trackBatch(ids.map((id) => sale({ transaction_id: id })));
  assert.deepEqual(seen.map((request) => request.body.events.length), [100, 100, 50]);
  assert.deepEqual(seen.flatMap((request) => request.body.events.map((e) => e.transaction_id)), ids);
});

test("a batch that is too large for the server is sent in parts", async () => {
  const tooLarge = (body) => (body.events?.length > 2 ? { status: 413, body: "" } : yes(body));
  const { seen, revenue } = await client([tooLarge, tooLarge, tooLarge, tooLarge]);
  const events = ["a", "b", "c", "d"].map((id) => sale({ transaction_id: id }));
  assert.ok((await revenue.trackBatch(events)).every((result) => result.success));
  assert.deepEqual(seen.map((request) => request.body.events.length), [4, 2, 2]);
});

test("what the caller does with its object afterwards does not matter", async () => {
  const { seen, revenue } = await client();
  const event = sale();
  const done = revenue.track(event);
  event.amount = 1;
  await done;
  assert.equal(seen[0].body.data.amount, 99.99);
});
