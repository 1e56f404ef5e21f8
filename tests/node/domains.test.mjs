// SPDX-License-Identifier: Apache-2.0
// Domains and QR codes by the official SDK, with only its URL changed; their proofs by a name
// server of the test.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { after, before, describe, test } from "node:test";
import { Dub } from "dub";
import { engines, shopWorld, startHeadwater, token } from "./headwater.mjs";

// Answers TXT questions from a map of names; everything else is not there.
async function startNameServer() {
  const texts = new Map();
  const socket = createSocket("udp4");
  socket.on("message", (question, from) => {
    const end = question.indexOf(0, 12) + 1;
    const labels = [];
    for (let at = 12; question[at] !== 0; at += question[at] + 1) {
      labels.push(question.toString("latin1", at + 1, at + 1 + question[at]));
    }
    const text = question[end + 1] === 16 ? texts.get(labels.join(".")) : undefined;
    const head = Buffer.from([question[0], question[1], 0x81, text ? 0x80 : 0x83, 0, 1, 0, text ? 1 : 0, 0, 0, 0, 0]);
    const parts = [head, question.subarray(12, end + 4)];
    if (text) {
      parts.push(Buffer.from([0xc0, 0x0c, 0, 16, 0, 1, 0, 0, 0, 60, 0, text.length + 1, text.length]), Buffer.from(text));
    }
    socket.send(Buffer.concat(parts), from.port, from.address);
  });
  await new Promise((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { texts, address: `127.0.0.1:${socket.address().port}`, stop: () => socket.close() };
}

for (const engine of engines) {
  describe(`domains on ${engine}`, () => {
    let names;
    let server;
    let dub;

    before(async () => {
      names = await startNameServer();
      server = await startHeadwater(engine, shopWorld("go.shop.example", []), ["--resolver", names.address]);
      dub = new Dub({ token, serverURL: server.origin });
    });
    after(async () => {
      await server?.stop();
      names?.stop();
    });

    const verify = async (slug) => (await fetch(`${server.origin}/domains/${slug}/verify`, {
      headers: { authorization: `Bearer ${token}` },
    })).json();

    test("create, list, update, delete", async () => {
      const made = await dub.domains.create({ slug: "new.shop.example", placeholder: "https://shop.example/x" });
      assert.equal(made.verified, false);
      assert.equal(made.primary, false);
      assert.equal(made.registeredDomain, null);
      const listed = await dub.domains.list({});
      assert.deepEqual(listed.result.map((d) => [d.slug, d.verified, d.primary]),
        [["go.shop.example", true, true], ["new.shop.example", false, false]]);
      const updated = await dub.domains.update("new.shop.example", { expiredUrl: "https://shop.example/over" });
      assert.equal(updated.expiredUrl, "https://shop.example/over");
      assert.equal(updated.placeholder, "https://shop.example/x");
      assert.equal((await dub.domains.delete("new.shop.example")).slug, "new.shop.example");
      await assert.rejects(dub.domains.delete("new.shop.example"), { name: "NotFound", message: "Domain not found." });
    });

    test("typed refusals", async () => {
      await assert.rejects(dub.domains.create({ slug: "go.shop.example" }), { name: "Conflict" });
      await assert.rejects(dub.domains.create({ slug: "not a host" }), { name: "UnprocessableEntity" });
      await assert.rejects(dub.domains.register({ domain: "my.link" }), { name: "Forbidden" });
      const status = await dub.domains.checkStatus({ domains: ["a.link", "b.link"] });
      assert.deepEqual(status.map((s) => [s.domain, s.available]), [["a.link", false], ["b.link", false]]);
    });

    test("a TXT record proves a domain, and its links work at once", async () => {
      await dub.domains.create({ slug: "proof.example" });
      await dub.links.create({ url: "https://shop.example/", domain: "proof.example", key: "x" });
      const asked = await verify("proof.example");
      assert.equal(asked.verified, false);
      names.texts.set(asked.txt.name, asked.txt.value);
      assert.equal((await verify("proof.example")).verified, true);
      const found = (await dub.domains.list({ search: "proof" })).result[0];
      assert.equal(found.verified, true);
    });

    test("qrCodes.get gives a PNG of the size asked for", async () => {
      // The SDK reads every picture as text.
      const wanted = { url: "https://go.shop.example/x?qr=1", size: 300, level: "H" };
      assert.match(await dub.qrCodes.get(wanted), /^.PNG\r\n/);
      const answer = await fetch(`${server.origin}/qr?${new URLSearchParams(wanted)}`);
      const bytes = Buffer.from(await answer.arrayBuffer());
      assert.equal(bytes.readUInt32BE(16), 300);
      await assert.rejects(dub.qrCodes.get({ url: "nonsense" }), { name: "UnprocessableEntity" });
    });
  });
}
