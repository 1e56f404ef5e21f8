// SPDX-License-Identifier: Apache-2.0
// Real deliveries, verified by the library of Standard Webhooks and read by the models of the SDK.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { webhookEventFromJSON } from "dub/models/components";
import { Webhook } from "standardwebhooks";
import { engines, shopWorld, startHeadwater, token } from "./headwater.mjs";

const domain = "go.shop.example";
const agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) " +
  "Chrome/126.0.0.0 Safari/537.36";

// Keeps what it is sent; refuses every first attempt at an event whose name it was told.
function startReceiver() {
  const received = [];
  const waiting = [];
  const refuse = new Set();
  const server = createServer((request, answer) => {
    let body = "";
    request.on("data", (bytes) => { body += bytes; });
    request.on("end", () => {
      const delivery = { headers: request.headers, method: request.method, body };
      const event = JSON.parse(body).event;
      delivery.refused = refuse.delete(event);
      received.push(delivery);
      answer.writeHead(delivery.refused ? 500 : 204).end();
      for (const look of [...waiting]) look();
    });
  });
  // The first delivery that `wanted` accepts, now or when it comes.
  const next = (wanted) => new Promise((resolve) => {
    const look = () => {
      const found = received.find(wanted);
      if (!found) return;
      if (waiting.includes(look)) waiting.splice(waiting.indexOf(look), 1);
      resolve(found);
    };
    waiting.push(look);
    look();
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve({
    received, refuse, next, url: `http://127.0.0.1:${server.address().port}/hook`,
    close: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }),
  })));
}

const isEvent = (name) => (delivery) => JSON.parse(delivery.body).event === name;
const dubSignature = (secret, body) => createHmac("sha256", secret).update(body).digest("hex");

for (const engine of engines) {
  describe(`webhooks from ${engine}`, () => {
    let headwater;
    let receiver;
    let endpoint;

    async function call(method, path, body) {
      const answer = await fetch(headwater.origin + path, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "user-agent": agent },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const json = await answer.json();
      assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
      return json;
    }
    // Both signatures are right, and the SDK knows the event.
    function verify(delivery, secret = endpoint.secret) {
      assert.equal(delivery.method, "POST");
      assert.equal(delivery.headers["content-type"], "application/json");
      const event = new Webhook(secret).verify(delivery.body, delivery.headers);
      assert.equal(event.id, delivery.headers["webhook-id"]);
      assert.equal(event.type, event.event);
      assert.equal(delivery.headers["dub-signature"], dubSignature(secret, delivery.body));
      if (event.event !== "webhook.ping") {
        const read = webhookEventFromJSON(delivery.body);
        assert.ok(read.ok, `${event.event}: ${read.error?.message} ${read.error?.cause}`);
        assert.equal(read.value.event, event.event);
      }
      return event;
    }

    before(async () => {
      receiver = await startReceiver();
      const world = shopWorld(domain, [{ domain, key: "a", url: "https://shop.example/", trackConversion: true }]);
      headwater = await startHeadwater(engine, world, ["--allow-private", "127.0.0.1"]);
      endpoint = await call("POST", "/webhooks", {
        url: receiver.url,
        events: [
          "link.created", "link.updated", "link.deleted", "link.clicked", "lead.created", "sale.created",
          "partner.enrolled", "partner.application_submitted", "discount_code.created", "discount_code.deleted",
        ],
      });
    });
    after(async () => {
      await headwater?.stop();
      await receiver?.close();
    });

    test("links", async () => {
      const link = await call("POST", "/links", { url: "https://new.example/", key: "new" });
      assert.equal(verify(await receiver.next(isEvent("link.created"))).data.id, link.id);
      await call("PATCH", `/links/${link.id}`, { title: "New" });
      assert.equal(verify(await receiver.next(isEvent("link.updated"))).data.title, "New");
      await call("DELETE", `/links/${link.id}`);
      assert.equal(verify(await receiver.next(isEvent("link.deleted"))).data.id, link.id);
    });

    test("a click, a lead, a sale, and a repeat after a refusal", async () => {
      receiver.refuse.add("lead.created");
      const { clickId } = await call("POST", "/track/click", { domain, key: "a" });
      const clicked = verify(await receiver.next(isEvent("link.clicked")));
      assert.equal(clicked.data.click.id, clickId);
      assert.equal(clicked.data.link.clicks, 1);

      await call("POST", "/track/lead", { clickId, eventName: "Sign up", customerExternalId: "ann", metadata: { plan: "pro" } });
      const refused = await receiver.next((d) => isEvent("lead.created")(d) && d.refused);
      verify(refused);
      await call("POST", "/track/sale", { customerExternalId: "ann", amount: 4200, invoiceId: "inv-1" });
      const sold = verify(await receiver.next(isEvent("sale.created")));
      assert.equal(sold.data.sale.amount, 4200);
      assert.equal(sold.data.link.saleAmount, 4200);

      const again = await receiver.next((d) => isEvent("lead.created")(d) && !d.refused);
      verify(again);
      assert.equal(again.body, refused.body);
      assert.equal(again.headers["webhook-id"], refused.headers["webhook-id"]);
      const deliveries = await call("GET", `/webhooks/${endpoint.id}/deliveries`);
      const lead = deliveries.find((d) => d.event === "lead.created");
      assert.equal(lead.eventId, refused.headers["webhook-id"]);
    });

    test("what becomes of a partner programme", async () => {
      await call("POST", "/programs", { name: "Shop", domain, url: "https://shop.example/" });
      const ann = await call("POST", "/partners", { email: "ann@mail.example", username: "ann" });
      const enrolled = verify(await receiver.next(isEvent("partner.enrolled")));
      assert.equal(enrolled.data.id, ann.id);
      await call("POST", "/partners/applications", { email: "eve@mail.example", name: "Eve" });
      const applied = verify(await receiver.next(isEvent("partner.application_submitted")));
      assert.equal(applied.data.partner.name, "Eve");
      const code = await call("POST", "/discount-codes", { code: "ANN", partnerId: ann.id, linkId: ann.links[0].id });
      assert.equal(verify(await receiver.next(isEvent("discount_code.created"))).data.id, code.id);
      await call("DELETE", `/discount-codes/${code.id}`);
      assert.equal(verify(await receiver.next(isEvent("discount_code.deleted"))).data.code, "ANN");
    });

    test("a rotated secret signs beside the old one", async () => {
      const old = endpoint.secret;
      endpoint.secret = (await call("POST", `/webhooks/${endpoint.id}/rotate-secret`, {})).secret;
      await call("POST", `/webhooks/${endpoint.id}/ping`);
      const ping = await receiver.next(isEvent("webhook.ping"));
      verify(ping);
      assert.equal(ping.headers["webhook-signature"].split(" ").length, 2);
      new Webhook(old).verify(ping.body, ping.headers);
      assert.throws(() => new Webhook(old).verify(`${ping.body} `, ping.headers));
      assert.throws(() => new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").verify(ping.body, ping.headers));
    });
  });
}
