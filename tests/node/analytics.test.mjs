// SPDX-License-Identifier: Apache-2.0
// Analytics, events and customers through the official SDK, which validates every answer against
// its own schemas.
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { Dub } from "dub";
import { engines, shopWorld, startHeadwater, token } from "./headwater.mjs";

const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
const groups = ["timeseries", "continents", "countries", "regions", "cities", "devices", "browsers",
  "os", "trigger", "triggers", "referers", "referer_urls", "top_folders", "top_link_tags",
  "top_domains", "top_links", "top_urls", "top_base_urls", "top_partners", "top_groups",
  "top_partner_tags", "utm_sources", "utm_mediums", "utm_campaigns", "utm_terms", "utm_contents"];

// The SDK knows these groups by name and has no type for their rows: it refuses every answer that
// has one. They are asked for without it.
const withoutType = /^(top_domains|utm_.*)$/;

for (const engine of engines) {
  describe(`analytics on ${engine}`, () => {
    let server;
    let dub;

    async function clickId(headers) {
      return new Promise((resolve, reject) => {
        request({ host: "127.0.0.1", port: server.port, path: "/spring", headers: { host: "go.shop.example", ...headers } },
          (answer) => {
            answer.resume();
            resolve(new URL(answer.headers.location).searchParams.get("dub_id"));
          }).on("error", reject).end();
      });
    }

    async function plain(query) {
      const answer = await fetch(`${server.origin}/analytics?${new URLSearchParams(query)}`,
        { headers: { authorization: `Bearer ${token}` } });
      assert.equal(answer.status, 200);
      return answer.json();
    }

    before(async () => {
      server = await startHeadwater(engine, shopWorld("go.shop.example", [
        { id: "link_spring", domain: "go.shop.example", key: "spring", trackConversion: true,
          url: "https://shop.example/spring?utm_source=news&utm_medium=mail" },
        { id: "link_other", domain: "go.shop.example", key: "other", url: "https://shop.example/other" },
      ]), ["--geo-country-header", "x-country", "--rate-limit-analytics", "0"]);
      dub = new Dub({ token, serverURL: server.origin });
      const ids = [];
      for (const [i, country] of ["DE", "DE", "US"].entries()) {
        ids.push(await clickId({
          "user-agent": `${browser} v${i}`, "x-country": country, referer: "https://news.example/today?x=1",
        }));
      }
      await dub.track.lead({ clickId: ids[0], eventName: "Sign up", customerExternalId: "ann", customerName: "Ann",
        customerEmail: "ann@shop.example", metadata: { plan: "pro" } });
      for (const [invoiceId, amount] of [["inv-1", 4900], ["inv-2", 100]]) {
        await dub.track.sale({ customerExternalId: "ann", amount, invoiceId, metadata: { seats: amount } });
      }
    });
    after(() => server?.stop());

    test("count, of each event and of all", async () => {
      const none = { clicks: 0, leads: 0, sales: 0, saleAmount: 0 };
      const rows = [["clicks", { clicks: 3 }], ["leads", { leads: 1 }], ["sales", { sales: 2, saleAmount: 5000 }],
        ["composite", { clicks: 3, leads: 1, sales: 2, saleAmount: 5000 }]];
      for (const [event, counts] of rows) {
        for (const interval of ["24h", "30d", "1y", "all"]) {
          assert.deepEqual(await dub.analytics.retrieve({ event, interval }), { ...none, ...counts });
        }
      }
      assert.equal((await dub.analytics.retrieve({ event: "sales", saleType: "new" })).saleAmount, 4900);
      assert.equal((await dub.analytics.retrieve({ event: "sales", query: "metadata['seats']<200" })).saleAmount, 100);
    });

    for (const groupBy of groups) {
      test(`by ${groupBy}`, async () => {
        const asked = { event: "composite", groupBy, interval: "7d", timezone: "Europe/Berlin" };
        const rows = withoutType.test(groupBy) ? await plain(asked) : await dub.analytics.retrieve(asked);
        assert.ok(Array.isArray(rows));
        const none = ["top_folders", "top_link_tags", "top_partners", "top_groups", "top_partner_tags",
          "regions", "cities", "utm_campaigns", "utm_terms", "utm_contents"];
        assert.equal(rows.reduce((sum, row) => sum + row.clicks, 0), none.includes(groupBy) ? 0 : 3);
        if (groupBy === "timeseries") assert.equal(rows.length, 7);
        if (groupBy === "countries") assert.deepEqual(rows.map((row) => [row.country, row.clicks, row.saleAmount]), [["DE", 2, 5000], ["US", 1, 0]]);
        if (groupBy === "top_links") assert.deepEqual(rows.map((row) => row.id), ["link_spring"]);
        if (groupBy === "referer_urls") assert.equal(rows[0].refererUrl, "https://news.example/today");
      });
    }

    test("filters, alone and together", async () => {
      const count = async (filter) => (await dub.analytics.retrieve({ ...filter })).clicks;
      assert.equal(await count({ country: "DE" }), 2);
      assert.equal(await count({ country: "-DE" }), 1);
      assert.equal(await count({ country: "DE,US", device: "Desktop" }), 3);
      assert.equal(await count({ linkId: "link_other" }), 0);
      assert.equal(await count({ domain: "go.shop.example", key: "spring" }), 3);
      assert.equal(await count({ utmSource: "-news" }), 0);
      await assert.rejects(dub.analytics.retrieve({ timezone: "Europe/Atlantis" }), { name: "UnprocessableEntity" });
    });

    test("events of each kind", async () => {
      const clicks = await dub.events.list({ event: "clicks" });
      assert.deepEqual(clicks.map((row) => row.click.country), ["US", "DE", "DE"]);
      const [lead] = await dub.events.list({ event: "leads" });
      assert.equal(lead.eventName, "Sign up");
      assert.equal(lead.customer.externalId, "ann");
      assert.deepEqual(lead.metadata, { plan: "pro" });
      const sales = await dub.events.list({ event: "sales", sortOrder: "asc" });
      assert.deepEqual(sales.map((row) => row.sale.amount), [4900, 100]);
      assert.equal(sales[0].link.id, "link_spring");
      assert.deepEqual((await dub.events.list({ event: "sales", page: 2, limit: 1 })).map((row) => row.sale.amount), [4900]);
      assert.equal((await dub.events.list({ event: "clicks", country: "DE" })).length, 2);
    });

    test("customers: list, get, update, delete", async () => {
      const { result } = await dub.customers.list({ includeExpandedFields: true });
      assert.deepEqual(result.map((row) => [row.externalId, row.sales, row.saleAmount, row.link.id]), [["ann", 2, 5000, "link_spring"]]);
      const ann = await dub.customers.get({ id: "ext_ann" });
      assert.equal(ann.country, "DE");
      const updated = await dub.customers.update({ id: ann.id, requestBody: { name: "Anna", stripeCustomerId: "cus_1" } });
      assert.equal(updated.name, "Anna");
      assert.equal(updated.stripeCustomerId, "cus_1");
      assert.equal((await dub.customers.delete(ann.id)).id, ann.id);
      await assert.rejects(dub.customers.get({ id: ann.id }), { name: "NotFound" });
      const [lead] = await dub.events.list({ event: "leads" });
      assert.equal(lead.customer.name, "Deleted Customer");
    });

    test("the books agree with the facts", () => {
      server.headwater("verify");
    });
  });
}
