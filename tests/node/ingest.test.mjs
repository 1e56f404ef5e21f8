// SPDX-License-Identifier: Apache-2.0
// Page views, events and revenue, told by the real client of Pulsora and by our own SDKs: in Chromium
// and in Node, to the real server.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { Revenue, RevenueError } from "../../sdk/node/dist/index.js";
import { engines, shopWorld, startHeadwater, token } from "./headwater.mjs";

const browserFlags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--host-resolver-rules=MAP * 127.0.0.1"];
const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) " +
  "Chrome/126.0.0.0 Safari/537.36";
const modules = {
  "/pulsora.js": new URL("node_modules/@pulsora/core/dist/index.js", import.meta.url),
  "/headwater.js": new URL("../../sdk/browser/dist/index.js", import.meta.url),
};

function world() {
  const made = shopWorld("go.shop.example", [
    { id: "link_summer", domain: "go.shop.example", key: "summer", url: "https://shop.example/", trackConversion: true },
  ]);
  made.workspaces[0].ingestTokens = [
    { token: "pub_website", kind: "public", name: "Website" },
    { token: "sec_shop", kind: "secret" },
    { token: "test_shop", kind: "test" },
  ];
  return made;
}

// Rows of the server's database, as arrays of texts.
function rows(database, sql) {
  const [program, args] = database.startsWith("sqlite:")
    ? ["sqlite3", ["-separator", "\t", database.slice("sqlite:".length), sql]]
    : ["psql", [database, "-qAtF", "\t", "-c", sql]];
  const done = spawnSync(program, args, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout.split("\n").filter(Boolean).map((line) => line.split("\t"));
}

// Waits for rows that a page has told of, which nobody hears the answer of.
async function until(database, sql, enough) {
  for (;;) {
    const found = rows(database, sql);
    if (enough(found)) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function startShop() {
  const server = createServer((request, answer) => {
    const module = modules[request.url];
    if (module) {
      answer.setHeader("content-type", "text/javascript").end(readFileSync(module));
    } else {
      answer.setHeader("content-type", "text/html").end("<!doctype html><title>Shop</title><body></body>");
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

// A page of the shop with a started tracker of that module as window.tracker, and the requests to
// /api/ingest with their answers.
async function openPage(browser, shop, module, config, { noBeacons = false, path = "/" } = {}) {
  const context = await browser.newContext({ userAgent });
  const tab = await context.newPage();
  const told = [];
  const answers = [];
  tab.on("request", (request) => {
    if (request.url().endsWith("/api/ingest") && request.method() === "POST") told.push(request);
  });
  tab.on("response", (response) => {
    if (response.url().endsWith("/api/ingest") && response.request().method() === "POST") answers.push(response);
  });
  if (noBeacons) await tab.addInitScript(() => { navigator.sendBeacon = () => false; });
  await tab.goto(`http://www.shop.example:${shop.address().port}${path}`);
  const start = async () => tab.evaluate(async ([name, options]) => {
    const { Pulsora } = await import(name);
    window.tracker = new Pulsora();
    window.tracker.init(options);
  }, [module, config]);
  await start();
  return { context, tab, told, answers, start };
}


for (const engine of engines) {
  describe(`ingest on ${engine}`, () => {
    let headwater;
    let shop;
    let browser;

    before(async () => {
      headwater = await startHeadwater(engine, world());
      shop = await startShop();
      browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: browserFlags });
    });
    after(async () => {
      await browser?.close();
      shop?.close();
      shop?.closeAllConnections();
      await headwater?.stop();
    });

    const config = () => ({ apiToken: "pub_website", endpoint: `${headwater.origin}/api/ingest`, retryBackoff: 1 });
    const pages = (path) => `select kind, path, source, event_name, fingerprint, session_id from page_views
      where path like '${path}%' order by kind, path`;

    for (const noBeacons of [false, true]) {
      test(`@pulsora/core 1.0.1 ${noBeacons ? "with fetch" : "with beacons"}`, async () => {
        const path = noBeacons ? "/fetch" : "/beacon";
        const { context, tab } = await openPage(browser, shop, "/pulsora.js", config(),
          { noBeacons, path: `${path}?utm_source=nl` });
        await tab.evaluate((begin) => {
          window.history.pushState({}, "", `${begin}/two`);
        }, path);
        await tab.evaluate(() => window.tracker.event("buy", { n: 1.5 }));
        const found = await until(headwater.database, pages(path), (all) => all.length === 3);
        assert.deepEqual(found.map((row) => row.slice(0, 4)), [
          ["event", `${path}/two`, "(direct)", "buy"],
          ["pageview", path, "nl", ""],
          ["pageview", `${path}/two`, "(direct)", ""],
        ]);
        // The client never knows its fingerprint; the server does.
        assert.ok(found.every((row) => row[4].startsWith("day_") && row[4] === found[0][4]));
        assert.equal(new Set(found.map((row) => row[5])).size, 1);
        await context.close();
      });
    }

    test("@headwater/browser: visitor and session over reloads, navigation, identify", async () => {
      const { context, tab, start } = await openPage(browser, shop, "/headwater.js", config(), { path: "/own" });
      await tab.evaluate(() => {
        window.history.replaceState({}, "", "/own");
        window.history.pushState({}, "", "/own/two");
      });
      await until(headwater.database, pages("/own"), (all) => all.length === 2);
      await tab.reload();
      await start();
      const fingerprint = await tab.evaluate(() => window.tracker.getVisitorFingerprint());
      const session = await tab.evaluate(() => window.tracker.getSessionId());
      await tab.evaluate(() => window.tracker.identify("cust_1", { email: "ann@shop.example" }));
      const found = await until(headwater.database, pages("/own"), (all) => all.length === 3);
      assert.deepEqual(found.map((row) => row.slice(0, 2)),
        [["pageview", "/own"], ["pageview", "/own/two"], ["pageview", "/own/two"]]);
      assert.ok(found.every((row) => row[4] === fingerprint && row[5] === session));
      await until(headwater.database, `select value from identities where kind = 'customer' and
        fingerprint = '${fingerprint}'`, (all) => all.length === 1);
      await context.close();
    });

    test("@headwater/node: revenue, duplicates, refusals and batches", async () => {
      const revenue = new Revenue({ apiToken: "sec_shop", endpoint: headwater.origin, retryBackoff: 1 });
      const sale = { customer_id: "buyer", session_id: "s", amount: 1130.6, transaction_id: "pi_1", payment_processor: "stripe" };
      assert.deepEqual(await revenue.track(sale), { success: true });
      assert.deepEqual(await revenue.track(sale), { success: true, duplicate: true });
      await assert.rejects(revenue.track({ ...sale, amount: 5 }), (error) =>
        error instanceof RevenueError && error.status === 409);
      const results = await revenue.trackBatch([
        { ...sale, transaction_id: "pi_2", event_type: "subscription", customer_subscription_id: "sub", mrr_impact: 29.99 },
        { ...sale, transaction_id: "pi_2", event_type: "subscription", customer_subscription_id: "sub", mrr_impact: 29.99 },
        { ...sale, transaction_id: "pi_1", amount: 7 },
        { ...sale, transaction_id: "pi_3", currency: "JPY", amount: 1.5 },
      ]);
      assert.deepEqual(results.map((result) => [result.success, result.duplicate, result.status]), [
        [true, undefined, undefined], [true, true, undefined], [false, undefined, 409], [false, undefined, 400],
      ]);
      const asked = await fetch(`${headwater.origin}/mrr`, { headers: { authorization: `Bearer ${token}` } });
      assert.deepEqual((await asked.json()).current, [{ currency: "usd", amount: 2999 }]);
      const story = await fetch(`${headwater.origin}/conversions/pi_1/explain`, {
        headers: { authorization: `Bearer ${token}` },
      });
      assert.equal(story.status, 200);
      const told = new Revenue({ apiToken: "pub_website", endpoint: headwater.origin });
      await assert.rejects(told.track({ ...sale, transaction_id: "pi_4" }), /Revenue events require secret token/);
    });
  });
}

describe("too many page views from one address", () => {
  let headwater;
  let shop;
  let browser;

  before(async () => {
    headwater = await startHeadwater("sqlite", world(), ["--rate-limit-ingest", "2"]);
    shop = await startShop();
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: browserFlags });
  });
  after(async () => {
    await browser?.close();
    shop?.close();
    shop?.closeAllConnections();
    await headwater?.stop();
  });

  for (const module of ["/pulsora.js", "/headwater.js"]) {
    test(`${module} waits as long as it is told`, async () => {
      const { context, tab, answers } = await openPage(browser, shop, module,
        { apiToken: "pub_website", endpoint: `${headwater.origin}/api/ingest`, retryBackoff: 1 }, { noBeacons: true });
      await tab.evaluate(() => {
        for (let i = 0; i < 3; i += 1) window.tracker.event(`e${i}`);
      });
      while (!answers.some((answer) => answer.status() === 429)) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const refused = answers.find((answer) => answer.status() === 429);
      assert.match(await refused.headerValue("retry-after"), /^[1-9]\d*$/);
      // A page that is left does not push what waits past the refusal.
      const before = answers.length;
      await tab.evaluate(() => new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(resolve));
      }));
      assert.ok(answers.length <= 4, `${before} then ${answers.length} requests`);
      await context.close();
    });
  }
});
