// SPDX-License-Identifier: Apache-2.0
// Brings events to the server, one after the other, and again when it is in trouble. Every event has an
// id, so one that arrives twice counts once.
import type { Told } from "./types.js";

export interface TransportOptions {
  endpoint: string;
  token: string;
  maxRetries: number;
  backoff: number;
  debug: boolean;
}

interface Waiting {
  body: string;
  attempts: number;
}

const pauseMax = 30_000;
const retryAfterMax = 3_600_000;
const unsaidRetryAfter = 60_000;
const queueMax = 200;
// What a browser takes for all requests of a page that is going away.
const leaveBytesMax = 60_000;

function isTransient(status: number): boolean {
  return status === 0 || status === 408 || status === 425 || status === 429 || status >= 500;
}

/** Milliseconds, of whole seconds or an HTTP date; nothing else counts. */
export function retryAfterMs(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text.trim()) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

export class Transport {
  readonly #options: TransportOptions;
  #queue: Waiting[] = [];
  #sending = false;
  #notBefore = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  get pending(): number {
    return this.#queue.length;
  }

  send(told: Told): void {
    const body = JSON.stringify({ ...told, token: this.#options.token });
    if (this.#queue.length >= queueMax) this.#queue.shift();
    this.#queue.push({ body, attempts: 0 });
    void this.#work();
  }

  /**
   * The page may go away: what waits leaves with it, unless the server asked for patience. A beacon is
   * never answered, so what left counts as told.
   */
  leave(): void {
    if (Date.now() < this.#notBefore || typeof navigator.sendBeacon !== "function") return;
    let bytes = 0;
    // The first one may be on its way already; keepalive takes it along.
    const from = this.#sending ? 1 : 0;
    while (this.#queue.length > from) {
      const { body } = this.#queue[from] as Waiting;
      bytes += body.length;
      if (bytes > leaveBytesMax) return;
      const blob = new Blob([body], { type: "text/plain;charset=UTF-8" });
      if (!navigator.sendBeacon(this.#options.endpoint, blob)) return;
      this.#queue.splice(from, 1);
    }
  }

  async #work(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    while (this.#queue.length > 0 && Date.now() >= this.#notBefore) {
      const first = this.#queue[0] as Waiting;
      const again = await this.#post(first);
      if (!again && this.#queue[0] === first) this.#queue.shift();
    }
    this.#sending = false;
    if (this.#queue.length > 0) this.#wake();
  }

  #wake(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#work(), Math.max(0, this.#notBefore - Date.now()));
  }

  // Whether it has to be sent again.
  async #post(waiting: Waiting): Promise<boolean> {
    let status = 0;
    let retryAfter: string | null = null;
    try {
      // text/plain asks no permission of the server first (no preflight).
      const response = await fetch(this.#options.endpoint, {
        method: "POST",
        headers: { "content-type": "text/plain;charset=UTF-8" },
        body: waiting.body,
        keepalive: waiting.body.length < leaveBytesMax,
        credentials: "same-origin",
      });
      status = response.status;
      retryAfter = response.headers.get("retry-after");
    } catch {
      // Offline, or somebody in between said no.
    }
    if (!isTransient(status)) {
      if (status >= 300) this.#log(`refused (${status}): ${waiting.body}`);
      return false;
    }
    waiting.attempts += 1;
    if (waiting.attempts > this.#options.maxRetries) {
      this.#log(`given up: ${waiting.body}`);
      return false;
    }
    this.#notBefore = Date.now() + this.#pause(waiting.attempts, retryAfter, status);
    return true;
  }

  #pause(attempt: number, retryAfter: string | null, status: number): number {
    const own = Math.min(this.#options.backoff * 2 ** (attempt - 1), pauseMax);
    // A proxy in between may keep the page from reading how long.
    const unsaid = status === 429 ? unsaidRetryAfter : 0;
    const asked = Math.min(retryAfterMs(retryAfter, Date.now()) ?? unsaid, retryAfterMax);
    return Math.max(own / 2 + (own / 2) * Math.random(), asked);
  }

  #log(text: string): void {
    if (this.#options.debug) console.debug(`headwater: ${text}`);
  }
}
