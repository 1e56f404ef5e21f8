// SPDX-License-Identifier: Apache-2.0
// A small shop with the real @dub/analytics in its pages and the SDK on its server, visited by a real
// browser: short link, landing page, cookie, lead, sale, explanation.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { Dub } from "dub";
import { chromium } from "playwright-core";
import { engines, shopWorld, startHeadwater, token } from "./headwater.mjs";

const require = createRequire(import.meta.url);
const analytics = readFileSync(require.resolve("@dub/analytics").replace(/index\.c?js$/, "index.js"), "utf8");

// Chromium wants no services of its own here; the browser's own user agent would be a bot's.
const browserFlags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const userAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) " +
  "Chrome/126.0.0.0 Safari/537.36";

function landingPage(origin) {
  return `<!doctype html><html><head><title>Shop</title></head><body><h1>Shop</h1>
    <script type="module">
      import { inject } from "/analytics.js";
      inject({ apiHost: "${origin}", domainsConfig: { refer: "localhost" },
               scriptProps: { src: "${origin}/script.js" } });
    </script></body></html>`;
}

// The shop: pages with the script, and two calls from its server when somebody signs up and buys.
function startShop(dub, pageOf) {
  const cookieOf = (request) => /(?:^|; )dub_id=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
  const routes = {
    "/analytics.js": (request, answer) => answer.setHeader("content-type", "text/javascript").end(analytics),
    "/signup": async (request, answer) => answer.end(JSON.stringify(await dub.track.lead({
      clickId: cookieOf(request) ?? "", eventName: "Sign up", customerExternalId: "ann",
    }))),
    "/buy": async (request, answer) => answer.end(JSON.stringify(await dub.track.sale({
      customerExternalId: "ann", amount: 4200, invoiceId: "inv-ann",
    }))),
  };
  const server = createServer((request, answer) => {
    const path = new URL(request.url, "http://shop").pathname;
    const route = routes[path] ?? ((_, a) => a.setHeader("content-type", "text/html").end(pageOf()));
    Promise.resolve(route(request, answer)).catch((error) => answer.writeHead(500).end(String(error)));
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

for (const engine of engines) {
  describe(`a shop on ${engine}`, () => {
    let headwater;
    let shop;
    let browser;

    before(async () => {
      let dub;
      const late = { track: { lead: (b) => dub.track.lead(b), sale: (b) => dub.track.sale(b) } };
      let origin = "";
      shop = await startShop(late, () => landingPage(origin));
      const landing = `http://127.0.0.1:${shop.address().port}/landing`;
      headwater = await startHeadwater(engine, shopWorld("localhost", [
        { id: "link_summer", domain: "localhost", key: "summer", url: landing, trackConversion: true },
      ]));
      origin = headwater.origin;
      dub = new Dub({ token, serverURL: origin });
      browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: browserFlags });
    });
    after(async () => {
      await browser?.close();
      shop?.close();
      shop?.closeAllConnections();
      await headwater?.stop();
    });

    async function visit(url) {
      const context = await browser.newContext({ userAgent });
      const page = await context.newPage();
      await page.goto(url);
      const cookie = async () =>
        (await context.cookies()).find((c) => c.name === "dub_id" && c.domain === "127.0.0.1")?.value;
      // The script loads after the page: wait for the cookie that it sets.
      await page.waitForFunction(() => document.cookie.includes("dub_id="), null, { timeout: 15000 });
      return { page, clickId: await cookie() };
    }

    test("short link, cookie, lead, sale, explanation", async () => {
      const { page, clickId } = await visit(`http://localhost:${headwater.port}/summer`);
      const landed = new URL(page.url());
      assert.equal(landed.pathname, "/landing");
      assert.equal(landed.searchParams.get("dub_id"), clickId);

      const shopOrigin = landed.origin;
      const lead = JSON.parse(await page.evaluate((u) => fetch(u).then((r) => r.text()), `${shopOrigin}/signup`));
      assert.equal(lead.click.id, clickId);
      const sale = JSON.parse(await page.evaluate((u) => fetch(u).then((r) => r.text()), `${shopOrigin}/buy`));
      assert.equal(sale.sale.amount, 4200);

      const answer = await fetch(`${headwater.origin}/conversions/inv-ann/explain`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const explained = await answer.json();
      assert.equal(explained.attribution.rung, "lead");
      assert.equal(explained.attribution.clickId, clickId);
      assert.equal(explained.link.id, "link_summer");
      const text = headwater.headwater("explain", "inv-ann");
      for (const part of ["rung lead", clickId, "link_summer"]) assert.ok(text.includes(part), text);
    });

    test("a link key in the URL makes a click without a redirect", async () => {
      const { clickId } = await visit(`http://127.0.0.1:${shop.address().port}/landing?via=summer`);
      assert.match(clickId, /^[0-9A-Za-z]{16}$/);
    });
  });
}
