// SPDX-License-Identifier: Apache-2.0
import { RevenueError, RevenueQueueFullError, messageOf } from "./errors.js";
import { isTransient, pauseMs, retryAfterMs, send, type Answer } from "./send.js";
import type {
  BatchItemResult, FlushResult, RevenueEvent, RevenueOptions, TrackResult,
} from "./types.js";
import { looksLikeTime, validate } from "./validate.js";

interface Waiting {
  event: RevenueEvent;
  /** Ends the promise of `track`; absent once that was told to wait. */
  settle: ((result: BatchItemResult | Error) => void) | undefined;
}

const batchMax = 100;
const parkedPause = 30_000;

/**
 * Tells the server of revenue, in the order of the calls. What cannot be sent now waits in memory, so
 * call `flush` before the process ends. Telling an event twice counts once.
 */
export class Revenue {
  readonly #token: string;
  readonly #base: string;
  readonly #options: Required<Omit<RevenueOptions, "apiToken" | "endpoint">>;
  readonly #queue: Waiting[] = [];
  #working: Promise<void> | undefined;
  #counts = { sent: 0, failed: 0 };
  #timer: NodeJS.Timeout | undefined;
  #warned = false;

  constructor(options: RevenueOptions) {
    const { apiToken, endpoint = process.env["HEADWATER_ENDPOINT"] } = options ?? {};
    if (!apiToken) throw new TypeError("apiToken is required: a secret ingest token of the workspace.");
    if (!endpoint) throw new TypeError("endpoint is required: where your Headwater server is.");
    this.#token = apiToken;
    this.#base = baseOf(endpoint);
    this.#options = {
      debug: options.debug ?? false,
      maxRetries: options.maxRetries ?? 10,
      retryBackoff: options.retryBackoff ?? 1000,
      maxRetryAfter: options.maxRetryAfter ?? 60_000,
      maxQueue: options.maxQueue ?? 10_000,
      timeout: options.timeout ?? 15_000,
    };
  }

  /** How many events wait to be sent. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Rejects when the event is wrong or the server refuses it; `queued` when it waits instead. */
  async track(event: RevenueEvent): Promise<TrackResult> {
    const result = await this.#enqueue(event);
    if (result instanceof Error) throw result;
    return result.duplicate === undefined && result.queued === undefined
      ? { success: result.success }
      : result;
  }

  /** One result for each event, in order; never rejects because of one of them. */
  async trackBatch(events: readonly RevenueEvent[]): Promise<BatchItemResult[]> {
    const results = events.map((event) => this.#enqueue(event));
    return (await Promise.all(results)).map((result) => {
      if (!(result instanceof Error)) return result;
      const status = result instanceof RevenueError ? result.status : undefined;
      const message = result instanceof RevenueError ? messageOf(result.body) : result.message;
      return status === undefined ? { success: false, message } : { success: false, status, message };
    });
  }

  /** Tries to send all that waits, once more with all retries. */
  async flush(): Promise<FlushResult> {
    this.#counts = { sent: 0, failed: 0 };
    await this.#work();
    return { ...this.#counts, pending: this.#queue.length };
  }

  #enqueue(event: RevenueEvent): Promise<BatchItemResult | Error> {
    try {
      validate(event);
    } catch (error) {
      return Promise.resolve(error as Error);
    }
    if (this.#queue.length >= this.#options.maxQueue) {
      return Promise.resolve(new RevenueQueueFullError(this.#options.maxQueue));
    }
    if (!this.#warned && looksLikeTime(event.transaction_id)) {
      this.#warned = true;
      console.warn(`headwater: transaction_id ${event.transaction_id} looks like a time. If it is new ` +
        "each time the same payment is told, the payment counts each time. Use the provider's id.");
    }
    // A copy: the caller may go on with its own object while this one waits.
    const copy = structuredClone(event);
    return new Promise((settle) => {
      this.#queue.push({ event: copy, settle });
      void this.#work();
    });
  }

  #work(): Promise<void> {
    this.#working ??= this.#drain().finally(() => { this.#working = undefined; });
    return this.#working;
  }

  async #drain(): Promise<void> {
    clearTimeout(this.#timer);
    // What the same turn of the caller's loop adds goes into one request.
    await Promise.resolve();
    let attempt = 0;
    let size = batchMax;
    while (this.#queue.length > 0) {
      const taken = this.#queue.slice(0, size);
      const answer = await this.#send(taken);
      if (answer.status === 413 && taken.length > 1) {
        size = Math.ceil(taken.length / 2);
        continue;
      }
      const left = isTransient(answer.status) ? taken.length : this.#settle(taken, answer);
      if (left === 0) {
        attempt = 0;
        continue;
      }
      attempt = left < taken.length ? 1 : attempt + 1;
      if (attempt > this.#options.maxRetries) return this.#park();
      await this.#pause(answer, attempt);
    }
  }

  #send(taken: Waiting[]): Promise<Answer> {
    const { timeout } = this.#options;
    const first = taken[0];
    if (taken.length === 1 && first !== undefined) {
      const body = { type: "revenue", token: this.#token, data: first.event };
      return send(`${this.#base}/api/revenue`, this.#token, body, timeout);
    }
    const body = { token: this.#token, events: taken.map((each) => each.event) };
    return send(`${this.#base}/api/revenue/batch`, this.#token, body, timeout);
  }

  // Takes out of the queue what the server decided about; gives how many of `taken` stay.
  #settle(taken: Waiting[], answer: Answer): number {
    const results = taken.length > 1 ? itemResults(answer) : undefined;
    const stay: Waiting[] = [];
    taken.forEach((waiting, i) => {
      // Nothing was said about an event that the results leave out: it is told again.
      const item = results ? (results[i] ?? { status: 0, body: "" }) : answer;
      if (isTransient(item.status)) {
        stay.push(waiting);
        return;
      }
      const accepted = item.status >= 200 && item.status < 300;
      this.#counts[accepted ? "sent" : "failed"] += 1;
      this.#log(`${waiting.event.transaction_id}: ${item.status}`);
      const result = accepted ? acceptedResult(item.body) : new RevenueError(item.status, item.body);
      if (waiting.settle) waiting.settle(result);
      else if (result instanceof Error) console.warn(`headwater: ${waiting.event.transaction_id}: ${result.message}`);
    });
    this.#queue.splice(0, taken.length, ...stay);
    return stay.length;
  }

  // Nobody waits for ever: the callers hear that their events are kept, and they are tried again.
  #park(): void {
    for (const waiting of this.#queue) {
      waiting.settle?.({ success: false, queued: true });
      waiting.settle = undefined;
    }
    this.#log(`${this.#queue.length} events wait`);
    this.#timer = setTimeout(() => void this.#work(), parkedPause);
    this.#timer.unref();
  }

  #pause(answer: Answer, attempt: number): Promise<void> {
    const asked = retryAfterMs(answer.retryAfter, Date.now()) ?? 0;
    const own = pauseMs(attempt, this.#options.retryBackoff, Math.random());
    const pause = Math.max(own, Math.min(asked, this.#options.maxRetryAfter));
    this.#log(`try ${attempt} failed (${answer.status}), again in ${Math.round(pause)} ms`);
    return new Promise((resolve) => setTimeout(resolve, pause));
  }

  #log(text: string): void {
    if (this.#options.debug) console.debug(`headwater: ${text}`);
  }
}

// The address of the server, also when that of one of its paths was given.
function baseOf(endpoint: string): string {
  const url = new URL(endpoint);
  const path = url.pathname.replace(/\/(api(\/(ingest|revenue(\/batch)?))?)?\/?$/, "");
  return url.origin + path;
}

function acceptedResult(body: string): BatchItemResult {
  try {
    const read = JSON.parse(body) as { duplicate?: unknown };
    if (read.duplicate === true) return { success: true, duplicate: true };
  } catch {
    // Any 2xx is a yes.
  }
  return { success: true };
}

// The answers to each event of a batch, or nothing when the batch was refused as a whole.
function itemResults(answer: Answer): { status: number; body: string }[] | undefined {
  if (answer.status < 200 || answer.status >= 300) return undefined;
  try {
    const read = JSON.parse(answer.body) as { results?: { status?: number }[] };
    return (read.results ?? []).map((item) => ({ status: item.status ?? 0, body: JSON.stringify(item) }));
  } catch {
    return [];
  }
}
