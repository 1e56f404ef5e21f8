// SPDX-License-Identifier: Apache-2.0
// <script defer src=".../headwater.js" data-token="pub_..."></script>: window.pulsora, started. Without
// data-endpoint it speaks to the host that the script came from.
import { Pulsora } from "./tracker.js";

const script = document.currentScript as HTMLScriptElement | null;
const tracker = new Pulsora();
const page = window as unknown as { pulsora: Pulsora; Pulsora: typeof Pulsora };
page.pulsora = tracker;
page.Pulsora = Pulsora;

const { token, endpoint, autoPageviews, debug } = script?.dataset ?? {};
if (token) {
  tracker.init({
    apiToken: token,
    endpoint: endpoint || new URL("/api/ingest", script?.src || window.location.href).href,
    autoPageviews: autoPageviews !== "false",
    debug: debug === "true",
  });
}
