// SPDX-License-Identifier: Apache-2.0
// ESM and CommonJS for bundlers, one file for a script tag; tsc writes the types beside them.
import { build } from "esbuild";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");
const shared = { bundle: true, platform: "browser", target: "es2020" };
await build({ ...shared, entryPoints: ["src/index.ts"], format: "esm", outfile: "dist/index.js" });
await build({ ...shared, entryPoints: ["src/index.ts"], format: "cjs", outfile: "dist/index.cjs" });
await build({
  ...shared, entryPoints: ["src/script_tag.ts"], format: "iife", minify: true, outfile: "dist/headwater.js",
});
writeFileSync("dist/index.d.cts", 'export * from "./index.js";\n');
