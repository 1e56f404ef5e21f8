// SPDX-License-Identifier: Apache-2.0

export interface PulsoraConfig {
  apiToken: string;
  /** Where events go. Absent: /api/ingest of the page's own host (first-party mode). */
  endpoint?: string;
  /** Tell the first page and every navigation within it. true */
  autoPageviews?: boolean;
  debug?: boolean;
  /** How often one event is sent again, whatever the reason. 10 */
  maxRetries?: number;
  /** The first pause in milliseconds, doubled with each try up to 30 s. 1000 */
  retryBackoff?: number;
  /**
   * Visitors who send Global Privacy Control or Do Not Track leave nothing in their browser: visitor and
   * session last as long as the page. true
   */
  respectPrivacy?: boolean;
}

export interface PageviewOptions {
  url?: string;
  referrer?: string;
  title?: string;
}

export type EventData = Record<string, unknown>;

export interface PulsoraExtension {
  name: string;
  init(core: PulsoraCore): void;
}

export interface PulsoraCore {
  init(config: PulsoraConfig): void;
  pageview(options?: PageviewOptions): Promise<void>;
  event(eventName: string, eventData?: EventData): Promise<void>;
  identify(customerId: string, traits?: EventData): Promise<void>;
  reset(): void;
  isIdentified(): boolean;
  getVisitorFingerprint(): Promise<string>;
  getSessionId(): string;
  use(extension: PulsoraExtension): void;
}

export interface Told {
  type: "pageview" | "event" | "identify";
  data: Record<string, unknown>;
}
