// SPDX-License-Identifier: Apache-2.0
// ESM and CommonJS of the package; tsc writes the types beside them.
import { build } from "esbuild";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");
const shared = { entryPoints: ["src/index.ts"], bundle: true, platform: "node", target: "node18" };
await build({ ...shared, format: "esm", outfile: "dist/index.js" });
await build({ ...shared, format: "cjs", outfile: "dist/index.cjs" });
writeFileSync("dist/index.d.cts", 'export * from "./index.js";\n');
