// SPDX-License-Identifier: Apache-2.0
// The partner programme through the official SDK: it validates every answer against its own
// schemas, so a missing or mistyped field fails here.
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, describe, test } from "node:test";
import { Dub } from "dub";
import { engines, shopWorld, startHeadwater, token } from "./headwater.mjs";

const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

function programme(world) {
  Object.assign(world.workspaces[0], {
    programs: [{ id: "prog_1", name: "Shop", slug: "shop", domain: "go.shop.example", url: "https://shop.example/" }],
    rewards: [
      { id: "rw_sale", programId: "prog_1", event: "sale", type: "percentage", amountInPercentage: 12.5, maxDuration: null },
      { id: "rw_lead", programId: "prog_1", event: "lead", type: "flat", amountInCents: 100, maxDuration: 0 },
      { id: "rw_referral", programId: "prog_1", event: "referral", type: "flat", amountInCents: 2500 },
    ],
    discounts: [{ id: "disc_1", programId: "prog_1", amount: 20, type: "percentage", maxDuration: 3, couponId: "SPRING" }],
    groups: [
      { id: "grp_default", programId: "prog_1", name: "Default", slug: "default", holdingPeriodDays: 30,
        saleRewardId: "rw_sale", leadRewardId: "rw_lead", referralRewardId: "rw_referral", discountId: "disc_1" },
      { id: "grp_gold", programId: "prog_1", name: "Gold", slug: "gold", holdingPeriodDays: 0, saleRewardId: "rw_sale" },
    ],
    partners: [{ id: "pn_seed", programId: "prog_1", groupId: "grp_default", name: "Seeded",
      email: "seeded@mail.example", status: "approved", tenantId: "t-seed" }],
    commissions: [
      { id: "cm_paid", partnerId: "pn_seed", type: "custom", earnings: 5000, status: "paid", createdAt: "2026-01-02" },
      { id: "cm_due", partnerId: "pn_seed", type: "custom", earnings: 700, status: "processed", createdAt: "2026-01-03" },
      { id: "cm_open", partnerId: "pn_seed", type: "custom", earnings: 300, status: "pending" },
    ],
    payouts: [{ id: "po_1", partnerId: "pn_seed", commissionIds: ["cm_due"], status: "pending" }],
    links: [{ id: "link_seed", domain: "go.shop.example", key: "seeded", url: "https://shop.example/",
      trackConversion: true, programId: "prog_1", partnerId: "pn_seed" }],
  });
  return world;
}

for (const engine of engines) {
  describe(`partners through the SDK on ${engine}`, () => {
    let server;
    let dub;

    before(async () => {
      server = await startHeadwater(engine, programme(shopWorld("go.shop.example", [])), ["--rate-limit-key", "0"]);
      dub = new Dub({ token, serverURL: server.origin });
    });
    after(() => server?.stop());

    async function call(method, path, body) {
      const answer = await fetch(server.origin + path, {
        method, headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: body && JSON.stringify(body),
      });
      assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`);
      return answer.json();
    }
    let visitor = 0;
    function clickId(key) {
      return new Promise((resolve, reject) => {
        request({
          host: "127.0.0.1", port: server.port, path: `/${key}`,
          headers: { host: "go.shop.example", "user-agent": `${browser} v${++visitor}` },
        }, (answer) => {
          answer.resume();
          resolve(new URL(answer.headers.location).searchParams.get("dub_id"));
        }).on("error", reject).end();
      });
    }
    async function one(query) {
      const result = await dub.partners.list(query);
      assert.equal(result.length, 1);
      return result[0];
    }

    test("a seeded partner is listed with what the books say", async () => {
      const seeded = await one({ tenantId: "t-seed" });
      assert.equal(seeded.id, "pn_seed");
      assert.equal(seeded.status, "approved");
      assert.equal(seeded.totalCommissions, 6000);
      assert.equal(seeded.saleRewardId, "rw_sale");
      assert.deepEqual(seeded.links.map((link) => link.id), ["link_seed"]);
      server.headwater("verify");
    });

    test("create, list, createLink, retrieveLinks, upsertLink", async () => {
      const ann = await dub.partners.create({
        name: "Ann Lee", email: "ann@mail.example", tenantId: "t-ann", country: "DE",
        description: "D", linkProps: { comments: "hers", prefix: "p" },
      });
      assert.equal(ann.groupId, "grp_default");
      assert.equal(ann.links[0].shortLink, "https://go.shop.example/p/ann-lee");
      assert.equal((await dub.partners.create({ email: "ANN@mail.example" })).id, ann.id);
      await assert.rejects(dub.partners.create({ email: "seeded@mail.example", tenantId: "t-ann" }), { name: "Conflict" });
      const link = await dub.partners.createLink({ partnerId: ann.id, url: "https://shop.example/spring", key: "ann-spring" });
      assert.equal(link.partnerId, ann.id);
      assert.equal(link.trackConversion, true);
      const again = await dub.partners.upsertLink({ tenantId: "t-ann", url: "https://shop.example/spring", comments: "new" });
      assert.equal(again.id, link.id);
      assert.equal(again.comments, "new");
      const links = await dub.partners.retrieveLinks({ tenantId: "t-ann" });
      assert.deepEqual(links.map((each) => each.key), ["p/ann-lee", "ann-spring"]);
      const result = await dub.partners.list({ country: "DE", sortBy: "createdAt", search: "lee" });
      assert.deepEqual(result.map((each) => each.id), [ann.id]);
      await assert.rejects(dub.partners.retrieveLinks({}), { name: "BadRequest", message: "Either `partnerId` or `tenantId` must be provided." });
      await assert.rejects(dub.partners.createLink({ partnerId: ann.id, url: "https://evil.example" }), { name: "UnprocessableEntity" });
      await assert.rejects(dub.partners.createLink({ partnerId: "pn_none" }), { name: "NotFound" });
    });

    test("a lead and a sale through a partner's link: rates, analytics, events", async () => {
      const bob = await dub.partners.create({ username: "bob", email: "bob@mail.example", tenantId: "t-bob" });
      assert.equal(bob.links[0].key, "bob");
      const id = await clickId("bob");
      await clickId("bob");
      await dub.track.lead({ clickId: id, eventName: "Sign up", customerExternalId: "buyer-1" });
      await dub.track.sale({ customerExternalId: "buyer-1", amount: 2000, invoiceId: "inv-1" });
      const counted = await one({ tenantId: "t-bob" });
      assert.equal(counted.totalClicks, 2);
      assert.equal(counted.totalSaleAmount, 2000);
      assert.equal(counted.totalCommissions, 350);
      assert.equal(counted.netRevenue, 1650);
      assert.equal(counted.earningsPerClick, 1000);
      assert.equal(counted.clickToLeadRate, 0.5);
      assert.equal(counted.returnOnAdSpend, 5.714286);
      const count = await dub.partners.analytics({ partnerId: bob.id });
      assert.deepEqual({ ...count }, { clicks: 2, leads: 1, sales: 1, saleAmount: 2000, earnings: 350 });
      const top = await dub.partners.analytics({ tenantId: "t-bob", groupBy: "top_links" });
      assert.equal(top.length, 1);
      assert.equal(top[0].earnings, 350);
      assert.equal(top[0].partnerId, bob.id);
      const series = await dub.partners.analytics({ tenantId: "t-bob", groupBy: "timeseries", interval: "24h" });
      assert.equal(series.reduce((sum, each) => sum + each.earnings, 0), 350);
      const events = await dub.events.list({ event: "sales", partnerId: bob.id });
      assert.equal(events.length, 1);
      assert.equal((await dub.events.list({ event: "sales", tenantId: "t-ann" })).length, 0);
      assert.equal((await dub.analytics.retrieve({ event: "sales", partnerId: bob.id })).saleAmount, 2000);
    });

    test("discountCodes: create, list, a sale by code, delete", async () => {
      const [link] = await dub.partners.retrieveLinks({ tenantId: "t-seed" });
      const made = await dub.discountCodes.create({ partnerId: "pn_seed", linkId: link.id });
      assert.equal(made.code, "SEEDED20");
      assert.equal(made.discountId, "disc_1");
      const named = await dub.discountCodes.create({ code: "Spring-1", partnerId: "pn_seed", linkId: link.id });
      const result = await dub.discountCodes.list({ partnerId: "pn_seed" });
      assert.deepEqual(result.map((each) => each.code).sort(), ["SEEDED20", "Spring-1"]);
      await assert.rejects(dub.discountCodes.create({ code: "SPRING-1", partnerId: "pn_seed", linkId: link.id }), { name: "Conflict" });
      const sale = await dub.track.sale({
        customerExternalId: "by-code", amount: 1000, invoiceId: "inv-code", metadata: { discountCode: "spring-1" },
      });
      assert.equal(sale.sale.amount, 1000);
      const story = await call("GET", "/conversions/inv-code/explain");
      assert.equal(story.attribution.rung, "code");
      assert.equal(story.attribution.partnerId, "pn_seed");
      assert.equal((await dub.discountCodes.delete("Spring-1")).id, named.id);
      await assert.rejects(dub.discountCodes.delete("Spring-1"), { name: "NotFound" });
    });

    test("partnerApplications: list, approve with a reward for whoever brought them, reject", async () => {
      const before = (await one({ tenantId: "t-seed" })).totalCommissions;
      const apply = (name, more) => call("POST", "/partners/applications", {
        email: `${name}@mail.example`, name, applicationFormData: [{ label: "Why", value: "So" }], ...more,
      });
      const cid = await apply("cid", { referredByPartnerId: "pn_seed" });
      const dan = await apply("dan");
      const result = await dub.partnerApplications.list({ groupId: "grp_default" });
      assert.deepEqual(result.map((each) => each.partner.name), ["dan", "cid"]);
      assert.deepEqual(result[0].applicationFormData.map((each) => ({ ...each })), [{ label: "Why", value: "So" }]);
      const approved = await dub.partnerApplications.approve({ partnerId: cid.partner.id, groupId: "grp_gold" });
      assert.equal(approved.partnerId, cid.partner.id);
      assert.equal((await one({ email: "cid@mail.example" })).groupId, "grp_gold");
      assert.equal((await one({ tenantId: "t-seed" })).totalCommissions, before + 2500);
      await dub.partnerApplications.reject({ partnerId: dan.partner.id, rejectionReason: "other", rejectionNote: "Sorry" });
      const rejected = await one({ email: "dan@mail.example" });
      assert.equal(rejected.status, "rejected");
      assert.equal(rejected.application.rejectionNote, "Sorry");
      await assert.rejects(dub.partnerApplications.approve({ partnerId: dan.partner.id }), { name: "BadRequest" });
    });

    test("embedTokens: referrals", async () => {
      const made = await dub.embedTokens.referrals({ tenantId: "t-bob" });
      assert.match(made.publicToken, /^dub_embed_\w{43}$/);
      assert.ok(Date.parse(made.expires) > Date.now());
      const shown = await fetch(`${server.origin}/embed/referrals`, {
        headers: { authorization: `Bearer ${made.publicToken}` },
      });
      assert.equal(shown.status, 200);
      const body = await shown.json();
      assert.equal(body.totals.earnings, 350);
      assert.equal(body.links[0].key, "bob");
      assert.equal(body.rewards.find((each) => each.event === "sale").amountInPercentage, 12.5);
      const fresh = await dub.embedTokens.referrals({ partner: { email: "eve@mail.example", tenantId: "t-eve" } });
      assert.match(fresh.publicToken, /^dub_embed_/);
      await assert.rejects(dub.embedTokens.referrals({ partnerId: "pn_none" }),
        { name: "NotFound", message: "The partner is not enrolled in this program." });
    });

    // Every row of every page.
    async function all(pages) {
      const rows = [];
      for await (const page of await pages) rows.push(...page.result);
      return rows;
    }

    test("commissions: create, list, update, updateMany", async () => {
      const bob = await one({ tenantId: "t-bob" });
      const made = await dub.commissions.create({ type: "custom", partnerId: bob.id, amount: 900, description: "Thanks" });
      assert.equal(made.success, true);
      await dub.commissions.create({ type: "lead", partnerId: bob.id, customer: { externalId: "by-hand", country: "DE" } });
      await dub.commissions.create({
        type: "sale", partnerId: bob.id, customer: { externalId: "by-hand-2", country: "DE" },
        sale: { amount: 4000, currency: "usd", invoiceId: "inv-hand" },
      });
      await assert.rejects(dub.commissions.create({ type: "custom", partnerId: bob.id, amount: 0 }), { name: "UnprocessableEntity" });
      const rows = await all(dub.commissions.list({ partnerId: bob.id, pageSize: 2 }));
      assert.deepEqual(rows.map((each) => each.type).sort(), ["custom", "lead", "lead", "sale", "sale"]);
      const [sale] = await all(dub.commissions.list({ invoiceId: "inv-hand" }));
      assert.equal(sale.amount, 4000);
      assert.equal(sale.earnings, 500);
      const changed = await dub.commissions.update({ id: sale.id, requestBody: { saleAmount: 8000 } });
      assert.equal(changed.earnings, 1000);
      const custom = rows.find((each) => each.type === "custom");
      const lead = rows.find((each) => each.type === "lead" && each.customer.externalId === "by-hand");
      const many = await dub.commissions.updateMany({ commissionIds: [custom.id, lead.id], status: "canceled" });
      assert.deepEqual(many.map((each) => each.status), ["canceled", "canceled"]);
      await assert.rejects(dub.commissions.updateMany({ commissionIds: ["cm_none"], status: "fraud" }), { name: "NotFound" });
      await assert.rejects(dub.commissions.update({ id: "cm_paid", requestBody: { status: "fraud" } }), { name: "BadRequest" });
    });

    test("payouts: list", async () => {
      const rows = await dub.payouts.list({ tenantId: "t-seed" });
      const waiting = rows.find((each) => each.id === "po_1");
      assert.equal(waiting.status, "pending");
      assert.equal(waiting.amount, 700);
      assert.equal(waiting.partner.tenantId, "t-seed");
      assert.equal((await dub.payouts.list({ status: "failed" })).length, 0);
      await assert.rejects(dub.payouts.list({ tenantId: "t-none" }), { name: "NotFound" });
    });

    test("deactivate and ban", async () => {
      const eve = await one({ tenantId: "t-eve" });
      assert.equal((await dub.partners.deactivate({ tenantId: "t-eve" })).partnerId, eve.id);
      assert.equal((await one({ tenantId: "t-eve" })).status, "deactivated");
      await assert.rejects(dub.partners.deactivate({ tenantId: "t-eve" }), { name: "BadRequest" });
      assert.equal((await dub.partners.ban({ partnerId: "pn_seed", reason: "fraud" })).partnerId, "pn_seed");
      const banned = await one({ tenantId: "t-seed" });
      assert.equal(banned.status, "banned");
      assert.equal(banned.bannedReason, "fraud");
      assert.equal(banned.totalCommissions, 5000);
      assert.equal(banned.saleRewardId, null);
      await assert.rejects(dub.partners.createLink({ partnerId: "pn_seed" }), { name: "Forbidden" });
    });

    test("the books agree with the facts", () => {
      server.headwater("verify");
    });
  });
}
