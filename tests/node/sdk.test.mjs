// SPDX-License-Identifier: Apache-2.0
// The official SDK against the server, with only its URL changed. It validates every answer against
// its own schemas, so a missing or mistyped field fails here.
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { Dub } from "dub";
import { engines, shopWorld, startHeadwater, token } from "./headwater.mjs";

const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

for (const engine of engines) {
  describe(`the SDK on ${engine}`, () => {
    let server;
    let dub;

    before(async () => {
      const world = shopWorld("go.shop.example", [
        { id: "link_base", domain: "go.shop.example", key: "base", url: "https://shop.example/", trackConversion: true },
      ]);
      world.fxRates = [
        { date: "2026-01-02", base: "eur", quote: "usd", rate: "1.10", source: "test" },
        { date: "2026-01-02", base: "eur", quote: "jpy", rate: "165", source: "test" },
      ];
      server = await startHeadwater(engine, world);
      dub = new Dub({ token, serverURL: server.origin });
    });
    after(() => server?.stop());

    let visitor = 0;
    // The id of a click as a browser makes it: the short domain in Host, the id in the destination.
    async function clickId(key) {
      return new Promise((resolve, reject) => {
        request({
          host: "127.0.0.1", port: server.port, path: `/${key}`,
          headers: { host: "go.shop.example", "user-agent": `${browser} v${++visitor}` },
        }, (answer) => {
          answer.resume();
          assert.equal(answer.statusCode, 302);
          resolve(new URL(answer.headers.location).searchParams.get("dub_id"));
        }).on("error", reject).end();
      });
    }

    test("links: create, get, list, update, delete", async () => {
      const made = await dub.links.create({
        url: "https://shop.example/spring", domain: "go.shop.example", key: "spring",
        externalId: "ext-spring", trackConversion: true,
      });
      assert.equal(made.shortLink, "https://go.shop.example/spring");
      assert.equal(made.trackConversion, true);
      const got = await dub.links.get({ linkId: made.id });
      assert.equal(got.url, "https://shop.example/spring");
      assert.equal((await dub.links.get({ externalId: "ext_ext-spring" })).id, made.id);
      assert.equal((await dub.links.get({ domain: "go.shop.example", key: "spring" })).id, made.id);
      const page = await dub.links.list({});
      assert.ok(page.result.some((link) => link.id === made.id));
      const updated = await dub.links.update(made.id, { url: "https://shop.example/summer" });
      assert.equal(updated.url, "https://shop.example/summer");
      assert.equal((await dub.links.delete(made.id)).id, made.id);
      await assert.rejects(dub.links.get({ linkId: made.id }), { name: "NotFound" });
    });

    test("links: a taken key is the SDK's own Conflict", async () => {
      await assert.rejects(
        dub.links.create({ url: "https://shop.example/", domain: "go.shop.example", key: "base" }),
        { name: "Conflict" });
    });

    test("links: upsert, count and the paging iterator", async () => {
      const url = "https://shop.example/upsert";
      const first = await dub.links.upsert({ url, title: "one" });
      const second = await dub.links.upsert({ url, title: "two" });
      assert.equal(second.id, first.id);
      assert.equal(second.title, "two");
      const third = await dub.links.create({ url: "https://shop.example/third" });
      const keys = [];
      for await (const page of await dub.links.list({ search: "shop.example", page: 1, pageSize: 1 })) {
        assert.ok(page.result.length <= 1);
        keys.push(...page.result.map((link) => link.key));
      }
      // By id, newest first; the seeded link's own id sorts above all that are made.
      assert.deepEqual(keys, ["base", third.key, first.key]);
      assert.equal(await dub.links.count({ search: "shop.example" }), 3);
      await dub.links.deleteMany({ linkIds: [first.id, third.id] });
    });

    test("links: createMany answers links and refusals, updateMany, deleteMany", async () => {
      const made = await dub.links.createMany([
        { url: "https://shop.example/1", externalId: "many-1" },
        { url: "https://shop.example/2", domain: "go.shop.example", key: "base" },
        { url: "https://shop.example/3" },
      ]);
      assert.equal(made.length, 3);
      assert.equal(made[0].url, "https://shop.example/1");
      assert.equal(made[1].url, "https://shop.example/3");
      assert.equal(made[2].code, "conflict");
      const updated = await dub.links.updateMany({
        linkIds: [made[1].id], externalIds: ["many-1"],
        data: { comments: "many", trackConversion: true },
      });
      assert.deepEqual(updated.map((link) => link.comments), ["many", "many"]);
      const gone = await dub.links.deleteMany({ linkIds: [made[1].id, "ext_many-1", "link_none"] });
      assert.equal(gone.deletedCount, 2);
    });

    test("links: every field that the SDK knows comes back", async () => {
      const tag = await dub.tags.create({ name: "everything", color: "green" });
      const folder = await dub.folders.create({ name: "Everything" });
      const link = await dub.links.create({
        url: "https://shop.example/all", prefix: "all", keyLength: 5, tenantId: "t",
        trackConversion: true, tagIds: [tag.id], folderId: folder.id, comments: "c",
        expiresAt: "2040-01-01T00:00:00Z", expiredUrl: "https://shop.example/over",
        password: "p", proxy: true, title: "T", description: "D",
        image: "https://shop.example/i.png", video: "https://shop.example/v.mp4",
        rewrite: false, ios: "https://ios.example/", android: "https://android.example/",
        geo: { DE: "https://shop.example/de" }, doIndex: true, utmSource: "mail",
        testVariants: [{ url: "https://a.example/", percentage: 50 },
          { url: "https://b.example/", percentage: 50 }],
        testCompletedAt: "2040-01-01T00:00:00Z", publicStats: true, webhookIds: [],
      });
      assert.match(link.key, /^all\/\w{5}$/);
      assert.deepEqual(link.tags, [{ id: tag.id, name: "everything", color: "green" }]);
      assert.equal(link.tagId, tag.id);
      assert.equal(link.folderId, folder.id);
      assert.deepEqual(link.geo, { DE: "https://shop.example/de" });
      assert.equal(link.testVariants.length, 2);
      assert.equal(link.utmSource ?? link.utm_source, "mail");
      assert.equal(link.password, "p");
      const listed = await dub.links.list({ folderId: folder.id, tagIds: [tag.id, "tag_none"], tenantId: "t" });
      assert.deepEqual(listed.result, [link]);
      assert.deepEqual((await dub.links.list({ tagNames: ["EVERYTHING"] })).result, []);
      await dub.folders.delete(folder.id);
      await dub.tags.delete(tag.id);
      const after = await dub.links.get({ linkId: link.id });
      assert.deepEqual(after.tags, []);
      assert.equal(after.folderId, null);
      await dub.links.delete(link.id);
    });

    test("tags: create, list, update, delete", async () => {
      const tag = await dub.tags.create({ name: "spring", color: "red" });
      assert.deepEqual((await dub.tags.list({ search: "spr" })), [tag]);
      const updated = await dub.tags.update(tag.id, { name: "summer", color: "blue" });
      assert.deepEqual(updated, { id: tag.id, name: "summer", color: "blue" });
      await assert.rejects(dub.tags.create({ name: "SUMMER" }), { name: "Conflict" });
      assert.equal((await dub.tags.delete(tag.id)).id, tag.id);
      await assert.rejects(dub.tags.delete(tag.id), { name: "NotFound", message: "Tag not found." });
    });

    test("folders: create, list, update, delete", async () => {
      const folder = await dub.folders.create({ name: "Spring", description: "D", accessLevel: "read" });
      assert.equal(folder.type, "default");
      assert.equal(folder.accessLevel, "read");
      assert.deepEqual((await dub.folders.list({})).map((each) => each.id), [folder.id]);
      const updated = await dub.folders.update(folder.id, { name: "Summer" });
      assert.equal(updated.name, "Summer");
      assert.equal(updated.description, "D");
      assert.equal((await dub.folders.delete(folder.id)).id, folder.id);
      await assert.rejects(dub.folders.update(folder.id, { name: "x" }), { name: "NotFound" });
    });

    test("links: refusals are the SDK's own errors", async () => {
      const url = "https://shop.example/";
      for (const [body, name] of [
        [{ url: "no url" }, "UnprocessableEntity"],
        [{ url, tagIds: ["tag_none"] }, "UnprocessableEntity"],
        [{ url, domain: "nobody.example" }, "Forbidden"],
        [{ url, key: "robots.txt" }, "Forbidden"],
        [{ url, folderId: "fold_none" }, "NotFound"],
        [{ url: "" }, "BadRequest"],
        [{ url, key: "base" }, "Conflict"],
      ]) {
        await assert.rejects(dub.links.create(body), { name }, JSON.stringify(body));
      }
      await assert.rejects(dub.links.update("link_none", { url }), { name: "NotFound" });
      await assert.rejects(dub.links.delete("link_none"), { name: "NotFound" });
      await assert.rejects(dub.links.get({ externalId: "no-prefix" }), { name: "BadRequest" });
      await assert.rejects(dub.links.createMany([]), { name: "UnprocessableEntity" });
      const wrong = new Dub({ token: "dub_wrong", serverURL: server.origin });
      await assert.rejects(wrong.links.list({}), { name: "Unauthorized" });
    });

    for (const mode of ["async", "wait"]) {
      test(`track.lead ${mode}, then a sale of the known customer at once`, async () => {
        const id = await clickId("base");
        const lead = await dub.track.lead({
          clickId: id, eventName: "Sign up", customerExternalId: `user-${mode}`,
          customerName: "Ann", customerEmail: "ann@shop.example", mode,
        });
        assert.equal(lead.click.id, id);
        assert.equal(lead.link.id, "link_base");
        assert.equal(lead.customer.name, "Ann");
        const sale = await dub.track.sale({
          customerExternalId: `user-${mode}`, amount: 4900, invoiceId: `inv-${mode}`,
        });
        assert.equal(sale.sale.amount, 4900);
        assert.equal(sale.customer.externalId, `user-${mode}`);
      });
    }

    test("track.lead deferred makes the customer, the real lead follows without a click", async () => {
      const id = await clickId("base");
      await dub.track.lead({ clickId: id, eventName: "Sign up", customerExternalId: "later", mode: "deferred" });
      await assert.rejects(
        dub.track.sale({ customerExternalId: "later", amount: 100 }),
        { name: "NotFound", message: "Lead event not found for externalId: later and leadEventName: null" });
      const lead = await dub.track.lead({ clickId: "", eventName: "Sign up", customerExternalId: "later" });
      assert.equal(lead.link.id, "link_base");
    });

    test("a direct sale brings customer and lead", async () => {
      const id = await clickId("base");
      const sale = await dub.track.sale({ customerExternalId: "direct", amount: 1000, clickId: id, invoiceId: "inv-direct" });
      assert.equal(sale.sale.amount, 1000);
      assert.match(sale.customer.name, /^\w+ \w+ \w+/);
    });

    test("a repeated invoice gets the first answer", async () => {
      const id = await clickId("base");
      const first = await dub.track.sale({ customerExternalId: "twice", amount: 700, clickId: id, invoiceId: "inv-twice" });
      const second = await dub.track.sale({ customerExternalId: "twice", amount: 999, invoiceId: "inv-twice" });
      assert.deepEqual(second, first);
    });

    test("a foreign currency is converted, the original kept", async () => {
      const id = await clickId("base");
      const sale = await dub.track.sale({
        customerExternalId: "tokyo", amount: 1650, currency: "jpy", clickId: id, invoiceId: "inv-yen",
      });
      assert.equal(sale.sale.currency, "usd");
      assert.equal(sale.sale.amount, 1100);
      const answer = await fetch(`${server.origin}/conversions/inv-yen/explain`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const { conversion } = await answer.json();
      assert.equal(conversion.amount, 1650);
      assert.equal(conversion.currency, "jpy");
      assert.equal(conversion.fxDate, "2026-01-02");
    });

    test("an unknown customer without a click is answered with nulls", async () => {
      const sale = await dub.track.sale({ customerExternalId: "nobody", amount: 100 });
      assert.equal(sale.customer, null);
      assert.equal(sale.sale, null);
    });

    test("the books agree with the facts", () => {
      server.headwater("verify");
    });
  });
}
