// SPDX-License-Identifier: Apache-2.0
// First-party mode as docs/first-party.md describes it: its own nginx configuration, with the ports of
// the test, in front of a shop and the server; visited by a real browser.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromium } from "playwright-core";
import { shopWorld, startHeadwater, token } from "./headwater.mjs";

const browserFlags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--host-resolver-rules=MAP * 127.0.0.1"];
const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) " +
  "Chrome/126.0.0.0 Safari/537.36";
const document = readFileSync(new URL("../../docs/first-party.md", import.meta.url), "utf8");
const publishableKey = "dub_pk_e2eTestPublishableKey00";
const told = "toldToldToldTold";

function block(language) {
  return document.split("```" + language + "\n")[1].split("```")[0];
}

function listening(server) {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
}

async function freePort() {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startNginx(shopPort, headwaterPort) {
  const folder = mkdtempSync(join(tmpdir(), "first-party-"));
  const port = await freePort();
  const server = block("nginx")
    .replaceAll("127.0.0.1:3000", `127.0.0.1:${shopPort}`)
    .replaceAll("127.0.0.1:8080", `127.0.0.1:${headwaterPort}`)
    .replace("listen 80;", `listen 127.0.0.1:${port};`);
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`).join("\n");
  writeFileSync(join(folder, "nginx.conf"), `daemon off; pid ${folder}/pid;
    ${process.getuid() === 0 ? "user root;" : ""}
    error_log stderr; events {} http { access_log off; ${places}\n${server} }`);
  const nginx = spawn("/usr/sbin/nginx", ["-p", folder, "-c", join(folder, "nginx.conf")],
    { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  nginx.stderr.on("data", (bytes) => { errors += bytes; });
  const answers = () => fetch(`http://127.0.0.1:${port}/script.js`).then((a) => a.ok, () => false);
  while (!(await answers())) {
    if (nginx.exitCode !== null) throw new Error(errors);
  }
  return {
    port,
    async stop() {
      const ended = new Promise((resolve) => nginx.on("exit", resolve));
      nginx.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

describe("first-party mode behind nginx", () => {
  let headwater;
  let shop;
  let nginx;
  let browser;
  const atShop = [];

  before(async () => {
    const script = block("html").trim().replace("<script", `<script data-publishable-key="${publishableKey}"`);
    shop = createServer((request, answer) => {
      atShop.push(request.url);
      answer.setHeader("content-type", "text/html").end(`<!doctype html><body>${script}</body>`);
    });
    const shopPort = await listening(shop);
    headwater = await startHeadwater("sqlite", shopWorld("go.shop.example", [
      { id: "link_summer", domain: "go.shop.example", key: "summer", url: "http://shop.example/", trackConversion: true },
    ]), ["--trusted-proxy", "127.0.0.1"]);
    nginx = await startNginx(shopPort, headwater.port);
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: browserFlags });
  });
  after(async () => {
    await browser?.close();
    await nginx?.stop();
    shop?.close();
    shop?.closeAllConnections();
    await headwater?.stop();
  });

  async function open(path) {
    const context = await browser.newContext({ userAgent });
    const tab = await context.newPage();
    const hosts = new Set();
    tab.on("request", (request) => hosts.add(new URL(request.url()).host));
    await tab.goto(`http://www.shop.example:${nginx.port}${path}`);
    await tab.waitForFunction(() => typeof window.headwater === "function", null, { timeout: 15000 });
    await tab.evaluate(() => window.headwater("ready", () => {}));
    const cookies = (await context.cookies()).filter((each) => each.name === "dub_id");
    return { context, tab, hosts, cookies };
  }

  test("a click of the page: cookie of the server, lead and sale without reading it", async () => {
    const { context, tab, hosts, cookies } = await open("/landing?via=summer");
    assert.equal(cookies.length, 1);
    assert.match(cookies[0].value, /^[0-9A-Za-z]{16}$/);
    assert.equal(cookies[0].httpOnly, true);
    assert.equal(cookies[0].domain, ".shop.example");
    assert.ok(Math.abs(cookies[0].expires - Date.now() / 1000 - 90 * 86400) < 60);
    assert.equal(await tab.evaluate(() => document.cookie), "");
    const lead = await tab.evaluate(() =>
      window.headwater.trackLead({ eventName: "Sign up", customerExternalId: "ann" }));
    assert.equal(lead.click.id, cookies[0].value);
    const sale = await tab.evaluate(() =>
      window.headwater.trackSale({ customerExternalId: "bob", amount: 4900, invoiceId: "in-1" }));
    assert.equal(sale.sale.amount, 4900);
    assert.deepEqual([...hosts], [`www.shop.example:${nginx.port}`]);
    const answer = await fetch(`${headwater.origin}/conversions/in-1/explain`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal((await answer.json()).attribution.clickId, cookies[0].value);
    await context.close();
  });

  test("a click of a short link: the landing page sets the cookie, once", async () => {
    const { context, cookies } = await open(`/landing?dub_id=${told}`);
    assert.deepEqual(cookies.map((each) => [each.value, each.httpOnly, each.domain]), [[told, true, ".shop.example"]]);
    await context.close();
  });

  test("a visitor without a click gets none", async () => {
    const { context, cookies } = await open("/landing");
    assert.deepEqual(cookies, []);
    await context.close();
  });

  test("what is not for pages goes to the shop", async () => {
    for (const path of ["/track/lead", "/links", "/metrics"]) {
      await fetch(`http://127.0.0.1:${nginx.port}${path}`, { method: "POST" });
      assert.equal(atShop.at(-1), path);
    }
  });
});
