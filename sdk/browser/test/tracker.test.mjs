// SPDX-License-Identifier: Apache-2.0
// Against a server on the loopback and the little of a browser that the package asks for. What only a
// real browser can tell is in tests/node/ingest_browser.test.mjs.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { afterEach, describe, test } from "node:test";
import { Pulsora } from "../dist/index.js";

const clock = { offset: 0 };
const realNow = Date.now;
Date.now = () => realNow() + clock.offset;

class Page extends EventTarget {
  constructor(href, { storage = new Map(), referrer = "", gpc = false, cookie = "" } = {}) {
    super();
    this.beacons = [];
    const location = new URL(href);
    const go = (state, title, url) => { if (url) location.href = new URL(url, location.href).href; };
    const window = {
      location,
      history: { pushState: go, replaceState: go },
      localStorage: {
        getItem: (name) => storage.get(name) ?? null,
        setItem: (name, value) => storage.set(name, value),
        removeItem: (name) => storage.delete(name),
      },
      addEventListener: (name, listener) => this.addEventListener(name, listener),
    };
    const document = {
      referrer, cookie, title: "A page", visibilityState: "visible",
      addEventListener: (name, listener) => this.addEventListener(name, listener),
    };
    const navigator = {
      language: "de-DE", globalPrivacyControl: gpc,
      sendBeacon: (url, blob) => { this.beacons.push(blob); return true; },
    };
    for (const [name, value] of Object.entries({ window, document, navigator })) {
      Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    }
  }
}

let open = [];
let servers = [];
afterEach(() => {
  for (const server of servers) { server.close(); server.closeAllConnections(); }
  servers = [];
  open = [];
  clock.offset = 0;
});

async function fakeServer(script = []) {
  const seen = [];
  const waiters = [];
  const server = createServer((request, answer) => {
    let text = "";
    request.on("data", (bytes) => { text += bytes; });
    request.on("end", () => {
      seen.push({ ...JSON.parse(text), contentType: request.headers["content-type"], at: performance.now() });
      const { status = 202, headers = {} } = script.shift() ?? {};
      answer.writeHead(status, headers).end('{"success":true}');
      for (const waiter of waiters) waiter();
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  const received = (count) => new Promise((resolve) => {
    const look = () => { if (seen.length >= count) resolve(seen); };
    waiters.push(look);
    look();
  });
  return { seen, received, endpoint: `http://127.0.0.1:${server.address().port}/api/ingest` };
}

function start(endpoint, options = {}) {
  const tracker = new Pulsora();
  tracker.init({ apiToken: "pub_1", endpoint, retryBackoff: 1, ...options });
  open.push(tracker);
  return tracker;
}

test("the first page on the wire", async () => {
  new Page("https://shop.example/pricing?utm_source=nl&utm_campaign=oct", { referrer: "https://www.google.com/search" });
  const { received, endpoint } = await fakeServer();
  const tracker = start(endpoint);
  const [told] = await received(1);
  assert.equal(told.type, "pageview");
  assert.equal(told.token, "pub_1");
  assert.equal(told.contentType, "text/plain;charset=UTF-8");
  const { event_id, occurred_at_ms, visitor_fingerprint, session_id, ...page } = told.data;
  assert.match(event_id, /^[0-9a-f-]{36}$/);
  assert.ok(Math.abs(occurred_at_ms - Date.now()) < 60_000);
  assert.equal(visitor_fingerprint, await tracker.getVisitorFingerprint());
  assert.equal(session_id, tracker.getSessionId());
  assert.deepEqual(page, {
    url: "https://shop.example/pricing?utm_source=nl&utm_campaign=oct", path: "/pricing",
    referrer: "https://www.google.com/search", referrer_source: "google.com", title: "A page",
    locale: "de-DE", utm_source: "nl", utm_campaign: "oct",
  });
});

test("CommonJS gives the same; the script for tags is there", () => {
  const require = createRequire(import.meta.url);
  assert.equal(typeof require("../dist/index.cjs").Pulsora, "function");
  assert.ok(require.resolve("../dist/headwater.js"));
});

test("init wants a token", () => {
  new Page("https://shop.example/");
  assert.throws(() => new Pulsora().init({}), /apiToken is required/);
});

test("visitor and session outlive the page; half an hour of nothing ends the session", async () => {
  const storage = new Map();
  const { received, endpoint } = await fakeServer();
  new Page("https://shop.example/", { storage });
  start(endpoint);
  new Page("https://shop.example/two", { storage });
  clock.offset = 29 * 60_000;
  start(endpoint);
  new Page("https://shop.example/three", { storage });
  clock.offset += 31 * 60_000;
  start(endpoint);
  const seen = (await received(3)).map((told) => told.data).sort((a, b) => a.occurred_at_ms - b.occurred_at_ms);
  assert.equal(new Set(seen.map((data) => data.visitor_fingerprint)).size, 1);
  assert.equal(seen[0].session_id, seen[1].session_id);
  assert.notEqual(seen[1].session_id, seen[2].session_id);
});

test("the visitor of the server's cookie", async () => {
  new Page("https://shop.example/", { cookie: "a=b; headwater_visitor=v%2D1; c=d" });
  const { endpoint } = await fakeServer();
  assert.equal(await start(endpoint).getVisitorFingerprint(), "v-1");
});

test("Global Privacy Control: nothing stays in the browser, and still no null", async () => {
  const storage = new Map();
  new Page("https://shop.example/", { storage, gpc: true });
  const { received, endpoint } = await fakeServer();
  start(endpoint);
  const [told] = await received(1);
  assert.ok(told.data.visitor_fingerprint);
  assert.equal(storage.size, 0);
});

test("a storage that refuses everything", async () => {
  new Page("https://shop.example/");
  const no = () => { throw new Error("no"); };
  window.localStorage = { getItem: no, setItem: no, removeItem: no };
  const { received, endpoint } = await fakeServer();
  const tracker = start(endpoint);
  tracker.event("a");
  const seen = await received(2);
  assert.equal(seen[0].data.session_id, seen[1].data.session_id);
});

test("navigation within the page: one view for each other URL", async () => {
  new Page("https://shop.example/");
  const { seen, received, endpoint } = await fakeServer();
  const tracker = start(endpoint);
  await received(1);
  window.history.replaceState({}, "", "/");  // what routers do when they start
  await Promise.resolve();
  window.history.pushState({}, "", "/a?draft");
  window.history.replaceState({}, "", "/a");
  await received(2);
  window.history.pushState({}, "", "/b");
  await received(3);
  tracker.event("end");
  await received(4);
  assert.deepEqual(seen.map((told) => [told.type, told.data.path]),
    [["pageview", "/"], ["pageview", "/a"], ["pageview", "/b"], ["event", "/b"]]);
  assert.equal(seen[1].data.referrer, "https://shop.example/");
  assert.equal(seen[1].data.referrer_source, undefined);
});

test("identify, and forget again", async () => {
  new Page("https://shop.example/");
  const { received, endpoint } = await fakeServer();
  const tracker = start(endpoint, { autoPageviews: false });
  assert.equal(tracker.isIdentified(), false);
  tracker.identify("cust_1", { plan: "pro" });
  assert.equal(tracker.isIdentified(), true);
  tracker.event("buy", { n: 1 });
  const before = await tracker.getVisitorFingerprint();
  const session = tracker.getSessionId();
  tracker.reset();
  assert.equal(tracker.isIdentified(), false);
  assert.notEqual(await tracker.getVisitorFingerprint(), before);
  assert.notEqual(tracker.getSessionId(), session);
  const [told, event] = await received(2);
  assert.deepEqual([told.type, told.data.customer_id, told.data.traits], ["identify", "cust_1", { plan: "pro" }]);
  assert.deepEqual([event.type, event.data.customer_id, event.data.event_data], ["event", "cust_1", { n: 1 }]);
});

test("calls before init are told after it, and extensions are started once", async () => {
  new Page("https://shop.example/");
  const { received, endpoint } = await fakeServer();
  const tracker = new Pulsora();
  let started = 0;
  const extension = { name: "x", init: (core) => { started += 1; core.event("of extension"); } };
  tracker.use(extension);
  tracker.use(extension);
  tracker.use({ name: "bad", init() { throw new Error("ignored"); } });
  tracker.event("early");
  const { error } = console;
  console.error = () => {};
  tracker.init({ apiToken: "t", endpoint, autoPageviews: false });
  console.error = error;
  const seen = await received(2);
  assert.equal(started, 1);
  assert.deepEqual(seen.map((told) => told.data.event_name), ["early", "of extension"]);
});

describe("a server in trouble", () => {
  test("the same event again, with the same id", async () => {
    new Page("https://shop.example/");
    const { received, endpoint } = await fakeServer([{ status: 503 }, { status: 500 }]);
    start(endpoint);
    const seen = await received(3);
    assert.equal(new Set(seen.map((told) => told.data.event_id)).size, 1);
  });

  test("429 is bounded by maxRetries", async () => {
    new Page("https://shop.example/");
    const limited = { status: 429, headers: { "retry-after": "0" } };
    const { received, endpoint } = await fakeServer([limited, limited, limited]);
    const tracker = start(endpoint, { maxRetries: 2 });
    tracker.event("after");
    const seen = await received(4);
    assert.deepEqual(seen.map((told) => told.type), ["pageview", "pageview", "pageview", "event"]);
  });

  test("429 that says no time is not asked again soon", async () => {
    new Page("https://shop.example/");
    const { endpoint } = await fakeServer([{ status: 429 }]);
    const pauses = [];
    const { setTimeout: real } = globalThis;
    globalThis.setTimeout = (work, ms) => { pauses.push(ms); return real(work, ms).unref(); };
    start(endpoint);
    while (!pauses.some((ms) => ms > 59_000)) await new Promise((resolve) => setImmediate(resolve));
    globalThis.setTimeout = real;
  });

  for (const [name, text] of [["seconds", () => "1"], ["a date", () => new Date(Date.now() + 2000).toUTCString()]]) {
    test(`Retry-After as ${name} is waited for`, async () => {
      new Page("https://shop.example/");
      const { received, endpoint } = await fakeServer([{ status: 429, headers: { "retry-after": text() } }]);
      start(endpoint);
      const seen = await received(2);
      assert.ok(seen[1].at - seen[0].at > 850, `${seen[1].at - seen[0].at} ms`);
    });
  }

  test("a refusal is not repeated", async () => {
    new Page("https://shop.example/");
    const { received, endpoint } = await fakeServer([{ status: 400 }]);
    const tracker = start(endpoint);
    tracker.event("next");
    const seen = await received(2);
    assert.deepEqual(seen.map((told) => told.type), ["pageview", "event"]);
  });
});

describe("the page goes away", () => {
  test("what waits leaves as beacons", async () => {
    const page = new Page("https://shop.example/");
    const tracker = start("http://127.0.0.1:9/nobody", { retryBackoff: 1 });
    tracker.event("a");
    tracker.event("b");
    document.visibilityState = "hidden";
    page.dispatchEvent(new Event("visibilitychange"));
    // The page view is on its way as a fetch that outlives the page.
    const names = await Promise.all(page.beacons.map(async (blob) => JSON.parse(await blob.text()).data.event_name));
    assert.deepEqual(names, ["a", "b"]);
    assert.equal(page.beacons[0].type, "text/plain;charset=utf-8");
  });

  test("not while the server asked for patience", async () => {
    const page = new Page("https://shop.example/");
    const { received, endpoint } = await fakeServer([{ status: 429, headers: { "retry-after": "2" } }]);
    const tracker = start(endpoint, { debug: true });
    await received(1);
    // The answer is read a little after the server saw the request.
    while (tracker.getSessionId() && page.beacons.length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      if (performance.now() - (await received(1))[0].at > 300) break;
    }
    tracker.event("later");
    page.dispatchEvent(new Event("pagehide"));
    assert.equal(page.beacons.length, 0);
    await received(3);
  });
});
