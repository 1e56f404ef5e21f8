// SPDX-License-Identifier: Apache-2.0
import { describePage, watchNavigation } from "./page.js";
import { openStore, wantsPrivacy } from "./store.js";
import { Transport } from "./transport.js";
import type {
  EventData, PageviewOptions, PulsoraConfig, PulsoraCore, PulsoraExtension, Told,
} from "./types.js";
import { Visitor, newId } from "./visitor.js";

interface Ready {
  config: PulsoraConfig;
  transport: Transport;
}

/** Page views and events of this page. Calls before `init` are kept and told after it. */
export class Pulsora implements PulsoraCore {
  #ready: Ready | undefined;
  #visitor = new Visitor(openStore(false));
  #early: (() => void)[] = [];
  readonly #extensions: PulsoraExtension[] = [];
  #lastUrl: string | undefined;
  #soon = false;

  init(config: PulsoraConfig): void {
    if (this.#ready) {
      this.#log("init was called before; the first one counts");
      return;
    }
    if (!config?.apiToken) throw new TypeError("apiToken is required: a public ingest token of the workspace.");
    this.#visitor = new Visitor(openStore(!(config.respectPrivacy ?? true) || !wantsPrivacy()));
    const transport = new Transport({
      endpoint: config.endpoint || `${window.location.origin}/api/ingest`,
      token: config.apiToken,
      maxRetries: config.maxRetries ?? 10,
      backoff: config.retryBackoff ?? 1000,
      debug: config.debug ?? false,
    });
    this.#ready = { config, transport };
    this.#leaveWithPage(transport);
    if (config.autoPageviews ?? true) {
      void this.pageview();
      watchNavigation(() => this.#navigated());
    }
    for (const early of this.#early.splice(0)) early();
    for (const extension of this.#extensions) this.#begin(extension);
  }

  async pageview(options: PageviewOptions = {}): Promise<void> {
    if (!this.#ready) {
      this.#early.push(() => void this.pageview(options));
      return;
    }
    // Within a page that stays loaded, one comes from the page before.
    const before = this.#lastUrl ?? document.referrer;
    this.#lastUrl = options.url ?? window.location.href;
    this.#tell("pageview", describePage(options, before));
  }

  async event(eventName: string, eventData?: EventData): Promise<void> {
    if (!this.#ready) {
      this.#early.push(() => void this.event(eventName, eventData));
      return;
    }
    if (!eventName) throw new TypeError("event needs a name.");
    const { url, path } = describePage({}, "");
    this.#tell("event", { event_name: eventName, event_data: eventData, url, path });
  }

  /** The visitor is this customer of yours: from now on, and for what they did before. */
  async identify(customerId: string, traits?: EventData): Promise<void> {
    if (!customerId) throw new TypeError("identify needs your id of the customer.");
    if (!this.#ready) {
      this.#early.push(() => void this.identify(customerId, traits));
      return;
    }
    this.#visitor.identify(customerId);
    this.#tell("identify", { customer_id: customerId, traits });
  }

  /** Somebody else sits here now: a new visitor and a new session. */
  reset(): void {
    this.#visitor.forget();
  }

  isIdentified(): boolean {
    return this.#visitor.customer() !== null;
  }

  async getVisitorFingerprint(): Promise<string> {
    return this.#visitor.fingerprint();
  }

  getSessionId(): string {
    return this.#visitor.session(Date.now());
  }

  use(extension: PulsoraExtension): void {
    if (this.#extensions.some((known) => known.name === extension.name)) return;
    this.#extensions.push(extension);
    if (this.#ready) this.#begin(extension);
  }

  // Routers replace the state several times in one turn; that is one page, and the same URL is none.
  #navigated(): void {
    if (this.#soon) return;
    this.#soon = true;
    queueMicrotask(() => {
      this.#soon = false;
      if (window.location.href !== this.#lastUrl) void this.pageview();
    });
  }

  #tell(type: Told["type"], data: Record<string, unknown>): void {
    const now = Date.now();
    const identity = {
      event_id: newId(),
      occurred_at_ms: now,
      visitor_fingerprint: this.#visitor.fingerprint(),
      session_id: this.#visitor.session(now),
      customer_id: this.#visitor.customer() ?? undefined,
    };
    this.#log(`${type} ${JSON.stringify(data)}`);
    this.#ready?.transport.send({ type, data: { ...identity, ...data } });
  }

  #leaveWithPage(transport: Transport): void {
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") transport.leave();
    });
    window.addEventListener("pagehide", () => transport.leave());
  }

  #begin(extension: PulsoraExtension): void {
    try {
      extension.init(this);
    } catch (error) {
      console.error(`headwater: extension ${extension.name}:`, error);
    }
  }

  #log(text: string): void {
    if (this.#ready?.config.debug) console.debug(`headwater: ${text}`);
  }
}
