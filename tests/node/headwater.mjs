// SPDX-License-Identifier: Apache-2.0
// Starts the real server on a fresh database of either engine, seeded for one test file.
// HW_BINARY is the server's binary; HW_PG_URL_FILE names the file with the run's PostgreSQL.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const engines = ["sqlite", "postgres"];

const binary = process.env.HW_BINARY ?? "build/release/headwater";

function run(args, input) {
  const done = spawnSync(binary, args, { input, encoding: "utf8" });
  if (done.status !== 0) throw new Error(`headwater ${args[0]}: ${done.stderr}${done.stdout}`);
  return done.stdout;
}

function postgresUrl() {
  const server = process.env.HW_TEST_POSTGRES ??
    readFileSync(process.env.HW_PG_URL_FILE, "utf8").split("\n")[0];
  const name = `node_${process.pid}_${Math.floor(performance.now() * 1000)}`;
  const made = spawnSync("psql", [server, "-qc", `create database ${name}`], { encoding: "utf8" });
  if (made.status !== 0) throw new Error(made.stderr);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

// Gives { origin, port, database, headwater(args), stop() }. `world` is a seed file's content.
export async function startHeadwater(engine, world, flags = []) {
  const folder = mkdtempSync(join(tmpdir(), "headwater-"));
  const database = engine === "sqlite" ? `sqlite:${folder}/test.db` : postgresUrl();
  writeFileSync(join(folder, "seed.json"), JSON.stringify(world));
  run(["migrate", "--database", database]);
  run(["seed", join(folder, "seed.json"), "--database", database]);

  const server = spawn(binary, ["serve", "--listen", "127.0.0.1:0", "--database", database, ...flags],
    { stdio: ["ignore", "ignore", "pipe"] });
  const address = await new Promise((resolve, reject) => {
    let text = "";
    server.stderr.on("data", (bytes) => {
      text += bytes;
      const found = /"event":"listening","address":"([^"]+)"/.exec(text);
      if (found) resolve(found[1]);
    });
    server.on("exit", (code) => reject(new Error(`serve ended with ${code}: ${text}`)));
  });
  return {
    origin: address,
    port: Number(new URL(address).port),
    database,
    headwater: (...args) => run([...args, "--database", database]),
    async stop() {
      const ended = new Promise((resolve) => server.on("exit", resolve));
      server.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const token = "dub_e2eTestKeyForTheShop1234";

// One workspace with a short domain and the links given.
export function shopWorld(domain, links) {
  return {
    workspaces: [{
      id: "ws_shop",
      slug: "shop",
      name: "Shop",
      currency: "usd",
      apiKeys: [{ key: token, scopes: ["apis.all"] }],
      publishableKey: "dub_pk_e2eTestPublishableKey00",
      allowedHostnames: [],
      domains: [{ slug: domain, primary: true }],
      links,
      customers: [],
    }],
  };
}
