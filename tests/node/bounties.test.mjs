// SPDX-License-Identifier: Apache-2.0
// The official SDK reads and reviews what partners submitted for bounties. It validates every
// answer against its own schemas.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, describe, test } from "node:test";
import { Dub } from "dub";
import { engines, shopWorld, startHeadwater, token } from "./headwater.mjs";

// A programme with one approved partner, as rows.
const rows = [
  `insert into programs (workspace_id, program_id, name, slug, min_payout_amount, created_at_ms)
   values ('ws_shop', 'prog_1', 'Friends', 'friends', 0, 1)`,
  `insert into partner_groups (workspace_id, group_id, program_id, name, slug, holding_period_days,
   link_hosts, default_links, created_at_ms)
   values ('ws_shop', 'grp_1', 'prog_1', 'Default', 'default', 30, '[]', '[]', 1)`,
  `insert into partners (workspace_id, partner_id, name, created_at_ms)
   values ('ws_shop', 'pn_1', 'Pat', 1)`,
  `insert into enrollments (workspace_id, program_id, partner_id, enrollment_id, group_id, status,
   tenant_id, created_at_ms, updated_at_ms)
   values ('ws_shop', 'prog_1', 'pn_1', 'pge_1', 'grp_1', 'approved', 'pat', 1, 1)`,
];

function insertRows(database) {
  const done = database.startsWith("sqlite:")
    ? spawnSync("python3", ["-c",
      "import json, sqlite3, sys\n" +
      "with sqlite3.connect(sys.argv[1], timeout=30) as db:\n" +
      "    for row in json.load(sys.stdin): db.execute(row)\n",
      database.slice("sqlite:".length)], { input: JSON.stringify(rows), encoding: "utf8" })
    : spawnSync("psql", [database, "-q", "-v", "ON_ERROR_STOP=1"],
      { input: `${rows.join(";\n")};\n`, encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
}

for (const engine of engines) {
  describe(`bounties on ${engine}`, () => {
    let server;
    let dub;

    before(async () => {
      server = await startHeadwater(engine, shopWorld("go.shop.example", []));
      insertRows(server.database);
      dub = new Dub({ token, serverURL: server.origin });
    });
    after(() => server?.stop());

    async function post(path, body) {
      const answer = await fetch(server.origin + path, {
        method: "POST", body: JSON.stringify(body),
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      });
      const made = await answer.json();
      assert.equal(answer.status, 201, JSON.stringify(made));
      return made;
    }
    const bounty = (body = {}) => post("/bounties", { name: "Video", maxSubmissions: 5, ...body });
    const submit = (id) => post(`/bounties/${id}/submissions`, {
      tenantId: "pat", description: "My video", urls: ["https://video.example/1"],
      files: [{ url: "https://files.example/a.png", fileName: "a.png", size: 7 }],
    });

    test("listSubmissions", async () => {
      const { id } = await bounty();
      const first = await submit(id);
      await submit(id);
      const all = await dub.bounties.listSubmissions({ bountyId: id });
      assert.equal(all.length, 2);
      assert.equal(all[0].id, first.id);
      assert.equal(all[0].bountyId, id);
      assert.equal(all[0].partnerId, "pn_1");
      assert.equal(all[0].status, "submitted");
      assert.deepEqual(all[0].urls, ["https://video.example/1"]);
      assert.equal(all[0].files[0].fileName, "a.png");
      assert.equal(all[0].periodNumber, 1);
      assert.equal(all[1].periodNumber, 2);
      const last = await dub.bounties.listSubmissions({
        bountyId: id, status: "submitted", partnerId: "pn_1", groupId: "grp_1",
        sortBy: "completedAt", sortOrder: "desc", page: 1, pageSize: 1,
      });
      assert.deepEqual(last.map((each) => each.periodNumber), [2]);
      await assert.rejects(dub.bounties.listSubmissions({ bountyId: "bnty_x" }), { name: "NotFound" });
    });

    test("approveSubmission pays once", async () => {
      const { id } = await bounty({ rewardAmount: 500 });
      const submission = await submit(id);
      const ids = { bountyId: id, submissionId: submission.id };
      const approved = await dub.bounties.approveSubmission(ids);
      assert.equal(approved.status, "approved");
      assert.ok(approved.reviewedAt);
      assert.equal((await dub.bounties.approveSubmission(ids)).status, "approved");
      await assert.rejects(
        dub.bounties.approveSubmission({ ...ids, requestBody: { rewardAmount: 600 } }), { name: "Conflict" });
      const other = await submit(id);
      const told = await dub.bounties.approveSubmission(
        { bountyId: id, submissionId: other.id, requestBody: { rewardAmount: 600 } });
      assert.equal(told.status, "approved");
      const verified = server.headwater("verify");
      assert.match(verified, /ok|no difference|0 differences/i);
    });

    test("rejectSubmission", async () => {
      const { id } = await bounty({ rewardAmount: 500 });
      const submission = await submit(id);
      const rejected = await dub.bounties.rejectSubmission({
        bountyId: id, submissionId: submission.id,
        requestBody: { rejectionReason: "didNotMeetCriteria", rejectionNote: "too dark" },
      });
      assert.equal(rejected.status, "rejected");
      assert.equal(rejected.rejectionReason, "didNotMeetCriteria");
      assert.equal(rejected.rejectionNote, "too dark");
    });
  });
}
