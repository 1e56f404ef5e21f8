// SPDX-License-Identifier: Apache-2.0
// Deliveries signed by Stripe's own library, taken by the real binary and booked.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import Stripe from "stripe";
import { engines, shopWorld, startHeadwater, token } from "./headwater.mjs";

const secret = "whsec_of_the_shop_in_the_test";
const fixture = (name) =>
  readFileSync(new URL(`../../testdata/stripe/${name}`, import.meta.url), "utf8");

for (const engine of engines) {
  describe(`stripe delivers to ${engine}`, () => {
    const stripe = new Stripe("sk_test_of_nobody");
    let headwater;
    let connection;

    async function call(method, path, body) {
      const answer = await fetch(headwater.origin + path, {
        method,
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
        body: body && JSON.stringify(body),
      });
      return { status: answer.status, body: await answer.json() };
    }
    async function deliver(payload, options = {}) {
      const header = stripe.webhooks.generateTestHeaderString({ payload, secret, ...options });
      const path = new URL(connection.url).pathname;
      const answer = await fetch(headwater.origin + path, {
        method: "POST",
        headers: { "Stripe-Signature": header, "Content-Type": "application/json" },
        body: payload,
      });
      return { status: answer.status, body: await answer.json() };
    }
    // The delivery as soon as its job has ended.
    async function settled(deliveryId) {
      for (;;) {
        const { body } = await call("GET", `/payment-connections/${connection.id}/deliveries`);
        const found = body.find((each) => each.deliveryId === deliveryId);
        if (found && found.state !== "received") return found;
      }
    }

    before(async () => {
      headwater = await startHeadwater(engine, shopWorld("go.shop.example"));
      const made = await call("POST", "/payment-connections", { provider: "stripe", secret });
      assert.equal(made.status, 201);
      connection = made.body;
    });
    after(() => headwater?.stop());

    test("a signed event is booked once", async () => {
      const payload = fixture("invoice_paid_subscription_create.json");
      assert.deepEqual(await deliver(payload), { status: 200, body: { received: true } });
      assert.deepEqual(await deliver(payload),
                       { status: 200, body: { received: true, duplicate: true } });
      const { id, data } = JSON.parse(payload);
      assert.equal((await settled(id)).state, "processed");
      const story = await call("GET", `/conversions/${data.object.id}/explain`);
      assert.equal(story.status, 200);
      assert.equal(story.body.conversion.amount, 2999);
    });

    test("a wrong secret, an old time and changed bytes are refused", async () => {
      const payload = fixture("invoice_paid_subscription_cycle.json");
      const now = Math.floor(Date.now() / 1000);
      const cases = [
        [await deliver(payload, { secret: "whsec_of_another_shop_entirely" }), "no_match"],
        [await deliver(payload, { timestamp: now - 301 }), "timestamp_too_old"],
        [await deliver(payload, { timestamp: now + 400 }), "timestamp_in_future"],
        [await deliver(payload, { scheme: "v0" }), "no_v1"],
      ];
      for (const [answer, reason] of cases) {
        assert.deepEqual(answer,
                         { status: 400, body: { error: "signature_verification_failed", reason } });
      }
    });
  });
}
