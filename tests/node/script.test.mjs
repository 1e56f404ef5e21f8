// SPDX-License-Identifier: Apache-2.0
// The browser script in a real browser: put into the page by the real @dub/analytics, and as a plain
// script tag. Both must behave the same, row by row.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { shopWorld, startHeadwater, token } from "./headwater.mjs";

const require = createRequire(import.meta.url);
const analytics = readFileSync(require.resolve("@dub/analytics").replace(/index\.c?js$/, "index.js"), "utf8");

// Every name leads here, so that cookies meet real domains.
const browserFlags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--host-resolver-rules=MAP * 127.0.0.1"];
const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) " +
  "Chrome/126.0.0.0 Safari/537.36";

const refer = "go.shop.example";
const publishableKey = "dub_pk_e2eTestPublishableKey00";
const sizeMax = 2048;

// The attributes that stand for a configuration of the package.
function tag(config) {
  const attributes = {
    "api-host": config.apiHost,
    "publishable-key": config.publishableKey,
    domains: config.domainsConfig && JSON.stringify(config.domainsConfig),
    "attribution-model": config.attributionModel,
    "cookie-options": config.cookieOptions && JSON.stringify(config.cookieOptions),
    "query-params": config.queryParams && JSON.stringify(config.queryParams),
  };
  const text = Object.entries(attributes).filter(([, value]) => value)
    .map(([name, value]) => ` data-${name}='${value}'`).join("");
  return `<script defer src="${config.scriptProps.src}"${text}></script>`;
}

function injected(config) {
  return `<script type="module">import { inject } from "/analytics.js"; inject(${JSON.stringify(config)});</script>`;
}

const ways = { "the package": injected, "a script tag": tag };

const links = `<a id="pay" href="https://pay.example/cart?a=1#b">pay</a>
  <a id="www" href="https://www.pay.example/">www</a>
  <a id="sub" href="https://eu.apps.example/x">sub</a>
  <a id="apps" href="https://apps.example/">apps</a>
  <a id="own" href="http://shop.example/own">own</a>
  <a id="near" href="https://bay.example/">near</a>
  <a id="other" href="https://other.example/">other</a>
  <a id="has" href="https://pay.example/?dub_id=kept">has</a>
  <a id="mail" href="mailto:a@pay.example">mail</a>
  <iframe id="frame" src="about:blank"></iframe>
  <iframe id="doc" srcdoc='<a id="inner" href="https://pay.example/inner">x</a>'></iframe>`;

const early = `<script>
  window.dubAnalytics = window.dubAnalytics || function () {
    (window.dubAnalytics.q = window.dubAnalytics.q || []).push(arguments);
  };
  dubAnalytics("ready", function () { window.wasReady = true; });
  dubAnalytics("trackLead", { eventName: "Early", customerExternalId: "early" });
</script>`;

describe("the browser script", () => {
  let headwater;
  let shop;
  let browser;
  let page = "";

  before(async () => {
    headwater = await startHeadwater("sqlite", shopWorld(refer, [
      { id: "link_summer", domain: refer, key: "summer", url: "http://shop.example/", trackConversion: true },
      { id: "link_landing", domain: refer, key: "landing", url: "http://shop.example/landing", trackConversion: true },
    ]));
    shop = createServer((request, answer) => {
      const path = new URL(request.url, "http://shop").pathname;
      if (path === "/analytics.js") return answer.setHeader("content-type", "text/javascript").end(analytics);
      answer.setHeader("content-type", "text/html").end(`<!doctype html><body>${page}</body>`);
    });
    await new Promise((resolve) => shop.listen(0, "127.0.0.1", resolve));
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: browserFlags });
  });
  after(async () => {
    await browser?.close();
    shop?.close();
    shop?.closeAllConnections();
    await headwater?.stop();
  });

  const port = () => shop.address().port;

  // Opens the page and waits until the script has done what it does by itself.
  async function open({ way, config = {}, url = "/landing", cookie, body = "", host = "www.shop.example" }) {
    const context = await browser.newContext({ userAgent });
    const posts = [];
    if (cookie) await context.addCookies([{ name: "dub_id", value: cookie, domain: ".shop.example", path: "/" }]);
    const tab = await context.newPage();
    tab.on("request", (request) => {
      if (request.method() !== "POST") return;
      posts.push({ path: new URL(request.url()).pathname, body: request.postDataJSON(), headers: request.headers() });
    });
    page = body + ways[way]({ apiHost: headwater.origin, scriptProps: { src: `${headwater.origin}/script.js` }, ...config });
    await tab.goto(`http://${host}:${port()}${url}`, { referer: "http://news.example/story" });
    await tab.waitForFunction(() => typeof window.headwater === "function", null, { timeout: 15000 });
    await tab.evaluate(() => window.headwater("ready", () => {}));
    const cookies = async () => (await context.cookies()).filter((each) => each.name.startsWith("dub_"));
    return { context, tab, posts, cookies, close: () => context.close() };
  }

  test("is small", async () => {
    const answer = await fetch(`${headwater.origin}/script.js`);
    const bytes = gzipSync(Buffer.from(await answer.arrayBuffer()), { level: 9 }).length;
    assert.ok(bytes <= sizeMax, `${bytes} bytes compressed; at most ${sizeMax}`);
  });

  const told = "toldToldToldTold";
  const earlier = "earlierEarlier00";
  const anId = /^[0-9A-Za-z]{16}$/;
  const byRefer = { domainsConfig: { refer } };
  const bySite = { domainsConfig: { refer, site: refer } };
  const first = { attributionModel: "first-click" };
  const rows = [
    { name: "nothing to do", config: {}, posts: [], id: null },
    { name: "dub_id in the URL", url: `/landing?dub_id=${told}`, posts: [], id: told },
    { name: "dub_id in the URL, last click counts", url: `/landing?dub_id=${told}`, cookie: earlier, posts: [], id: told },
    { name: "dub_id in the URL, first click counts", config: first, url: `/landing?dub_id=${told}`, cookie: earlier, posts: [], id: earlier },
    { name: "dub_id in the URL is the first click", config: first, url: `/landing?dub_id=${told}`, posts: [], id: told },
    { name: "dub_id that would be cookie text", url: "/landing?dub_id=a%3Bdomain%3Dx", posts: [], id: "a%3Bdomain%3Dx" },
    { name: "via without a domain", url: "/landing?via=summer", posts: [], id: null },
    { name: "via", config: byRefer, url: "/landing?via=summer", posts: ["/track/click summer"], id: anId },
    { name: "via, last click counts", config: byRefer, url: "/landing?via=summer", cookie: earlier, posts: ["/track/click summer"], id: anId },
    { name: "via, first click counts", config: { ...byRefer, ...first }, url: "/landing?via=summer", cookie: earlier, posts: [], id: earlier },
    { name: "via of nobody", config: byRefer, url: "/landing?via=nobody", posts: ["/track/click nobody"], id: null },
    { name: "via after another click", config: byRefer, url: `/landing?via=summer&dub_id=${told}`, posts: ["/track/click summer"], id: told },
    { name: "own parameter", config: { ...byRefer, queryParams: ["ref", "from"] }, url: "/landing?from=summer&via=nobody", posts: ["/track/click summer"], id: anId },
    { name: "via beside own parameters", config: { ...byRefer, queryParams: ["ref"] }, url: "/landing?via=summer", posts: ["/track/click summer"], id: anId },
    { name: "site visit", config: bySite, posts: ["/track/visit undefined"], id: anId },
    { name: "site visit of a known visitor", config: bySite, cookie: earlier, posts: [], id: earlier },
    { name: "via is no site visit", config: bySite, url: "/landing?via=summer", posts: ["/track/click summer"], id: anId },
    { name: "a click is no site visit", config: bySite, url: `/landing?dub_id=${told}`, posts: [], id: told },
  ];

  for (const way of Object.keys(ways)) {
    for (const row of rows) {
      test(`${row.name}, by ${way}`, async () => {
        const visit = await open({ way, ...row });
        assert.deepEqual(visit.posts.map((post) => `${post.path} ${post.body.key}`), row.posts);
        for (const post of visit.posts) {
          assert.equal(post.body.domain, refer);
          assert.equal(post.body.url, visit.tab.url());
          assert.equal(post.body.referrer, "http://news.example/story");
        }
        const [cookie, ...more] = await visit.cookies();
        assert.equal(more.length, 0);
        if (row.id instanceof RegExp) {
          assert.match(cookie.value, row.id);
          assert.notEqual(cookie.value, row.cookie);
        } else {
          assert.equal(cookie?.value ?? null, row.id);
        }
        await visit.close();
      });
    }

    const day = 86400;
    // Browsers keep no cookie for longer than 400 days.
    const jars = [
      { options: undefined, domain: ".shop.example", path: "/", sameSite: "Lax", secure: false, age: 90 * day },
      { options: { expiresInDays: 2 }, domain: ".shop.example", path: "/", sameSite: "Lax", secure: false, age: 2 * day },
      { options: { maxAge: 3600 }, domain: ".shop.example", path: "/", sameSite: "Lax", secure: false, age: 3600 },
      { options: { expires: "2099-01-01T00:00:00.000Z" }, domain: ".shop.example", path: "/", sameSite: "Lax", secure: false, age: 400 * day },
      { options: { domain: ".www.shop.example", path: "/land", sameSite: "Strict" }, domain: ".www.shop.example", path: "/land", sameSite: "Strict", secure: false, age: 90 * day },
      { host: "localhost", options: { secure: true }, domain: "localhost", path: "/", sameSite: "Lax", secure: true, age: 90 * day },
      { host: "127.0.0.1", options: undefined, domain: "127.0.0.1", path: "/", sameSite: "Lax", secure: false, age: 90 * day },
    ];
    for (const { options, age, host, ...expected } of jars) {
      test(`cookie with ${JSON.stringify(options)} at ${host ?? "a shop"}, by ${way}`, async () => {
        const visit = await open({ way, config: { cookieOptions: options }, url: `/landing?dub_id=${told}`, host });
        const [cookie] = await visit.cookies();
        for (const [name, value] of Object.entries(expected)) assert.equal(cookie[name], value, name);
        assert.ok(Math.abs(cookie.expires - Date.now() / 1000 - age) < 120, `${cookie.expires}`);
        await visit.close();
      });
    }

    test(`outbound links, by ${way}`, async () => {
      const config = { domainsConfig: { refer, outbound: ["pay.example", "*.apps.example", "shop.example"] } };
      const visit = await open({ way, config, url: `/landing?dub_id=${told}`, body: links });
      const href = (id) => visit.tab.locator(`#${id}`).evaluate((a) => a.getAttribute("href"));
      const becomes = (id) => visit.tab.waitForFunction(
        (name) => document.getElementById(name)?.href.includes("dub_id="), id, { timeout: 15000 });
      await becomes("pay");
      assert.equal(await href("pay"), `https://pay.example/cart?a=1&dub_id=${told}#b`);
      assert.equal(await href("www"), `https://www.pay.example/?dub_id=${told}`);
      assert.equal(await href("sub"), `https://eu.apps.example/x?dub_id=${told}`);
      assert.equal(await href("apps"), "https://apps.example/");
      assert.equal(await href("own"), "http://shop.example/own");
      assert.equal(await href("near"), "https://bay.example/");
      assert.equal(await href("other"), "https://other.example/");
      assert.equal(await href("has"), "https://pay.example/?dub_id=kept");
      assert.equal(await href("mail"), "mailto:a@pay.example");
      await visit.tab.frameLocator("#doc").locator(`a[href*="dub_id=${told}"]`).waitFor({ state: "attached", timeout: 15000 });
      // Links that come later, as single-page applications make them, and frames that change.
      await visit.tab.evaluate(() => {
        history.pushState({}, "", "/next");
        document.body.insertAdjacentHTML("beforeend", '<a id="late" href="https://pay.example/late">late</a>');
        document.getElementById("other").href = "https://pay.example/changed";
        document.getElementById("frame").src = "https://pay.example/embedded";
      });
      await becomes("late");
      await becomes("other");
      await visit.tab.waitForFunction((id) => document.getElementById("frame").src.endsWith(`dub_id=${id}`), told, { timeout: 15000 });
      await visit.close();
    });

    test(`no outbound links without a click, by ${way}`, async () => {
      const config = { domainsConfig: { refer, outbound: ["pay.example"] } };
      const visit = await open({ way, config, body: links });
      await visit.tab.evaluate(() => window.headwater("trackClick", { key: "nobody" }));
      assert.equal(await visit.tab.locator("#pay").getAttribute("href"), "https://pay.example/cart?a=1#b");
      // The click may also come later.
      await visit.tab.evaluate(() => window.headwater("trackClick", { key: "summer" }));
      await visit.tab.locator('#pay[href*="dub_id="]').waitFor({ state: "attached", timeout: 15000 });
      await visit.close();
    });

    test(`lead and sale of a page, by ${way}`, async () => {
      const customer = `customer-${way.replaceAll(" ", "-")}`;
      const config = { publishableKey, domainsConfig: { refer } };
      const visit = await open({ way, config, url: "/landing?via=summer" });
      const [cookie] = await visit.cookies();
      const lead = await visit.tab.evaluate((id) =>
        window.dubAnalytics.trackLead({ eventName: "Sign up", customerExternalId: id }), customer);
      assert.equal(lead.click.id, cookie.value);
      assert.equal(lead.link.id, "link_summer");
      const sale = await visit.tab.evaluate((id) =>
        window.dubAnalytics("trackSale", { customerExternalId: id, amount: 4900, invoiceId: id }), customer);
      assert.equal(sale.sale.amount, 4900);
      assert.equal(visit.posts.at(-1).headers.authorization, `Bearer ${publishableKey}`);
      const answer = await fetch(`${headwater.origin}/conversions/${customer}/explain`, {
        headers: { authorization: `Bearer ${token}` },
      });
      assert.equal((await answer.json()).attribution.clickId, cookie.value);
      // A refusal is told to the console and breaks nothing.
      const errors = [];
      visit.tab.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      assert.equal(await visit.tab.evaluate(() => window.dubAnalytics.trackLead({})), undefined);
      assert.ok(errors.some((text) => text.includes("eventName")), errors.join("\n"));
      await visit.close();
    });

    test(`calls made before the script came, by ${way}`, async () => {
      const config = { publishableKey, domainsConfig: { refer } };
      const leads = [];
      const visit = await open({ way, config, url: "/landing?via=summer", body: early });
      await visit.tab.waitForFunction(() => window.wasReady, null, { timeout: 15000 });
      for (const post of visit.posts) if (post.path === "/track/lead/client") leads.push(post.body);
      if (leads.length === 0) {
        const request = await visit.tab.waitForRequest("**/track/lead/client", { timeout: 15000 });
        leads.push(request.postDataJSON());
      }
      const [cookie] = await visit.cookies();
      assert.deepEqual(leads, [{ clickId: cookie.value, eventName: "Early", customerExternalId: "early" }]);
      await visit.close();
    });
  }

  test("under the names that the package asks for", async () => {
    const way = "the package";
    const asked = [];
    const context = await browser.newContext({ userAgent });
    const names = {
      "/analytics/script.js": {},
      "/analytics/script.site-visit.js": { domainsConfig: { site: refer } },
      "/analytics/script.outbound-domains.js": { domainsConfig: { outbound: ["pay.example"] } },
      "/analytics/script.conversion-tracking.js": { publishableKey },
      "/analytics/script.site-visit.outbound-domains.conversion-tracking.js":
        { publishableKey, domainsConfig: { site: refer, outbound: ["pay.example"] } },
    };
    // The host that the package asks by default, as if its name led to us.
    await context.route(/^https:\/\/www\.dubcdn\.com\//, async (route) => {
      const path = new URL(route.request().url()).pathname;
      const answer = await fetch(`${headwater.origin}${path}`);
      asked.push(`${path} ${answer.status}`);
      await route.fulfill({ status: answer.status, contentType: "text/javascript", body: await answer.text() });
    });
    for (const [name, config] of Object.entries(names)) {
      page = ways[way]({ apiHost: headwater.origin, ...config });
      const tab = await context.newPage();
      await tab.goto(`http://www.shop.example:${port()}/landing`);
      await tab.waitForFunction(() => typeof window.headwater === "function", null, { timeout: 15000 });
      assert.equal(asked.at(-1), `${name} 200`);
      await tab.close();
    }
    await context.close();
  });
});
