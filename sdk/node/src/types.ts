// SPDX-License-Identifier: Apache-2.0
// What the server takes as revenue, as it stands on the wire.

export const eventTypes = [
  "purchase", "subscription", "renewal", "upgrade", "downgrade", "churn", "refund",
] as const;

export type RevenueEventType = (typeof eventTypes)[number];

export interface RevenueEvent {
  /** Your own id of the customer. */
  customer_id: string;
  /**
   * In the units of the currency (99.99), never in cents. More than 0, but exactly 0 for churn, less
   * than 0 for a refund, and 0 or more for upgrade and downgrade: what was charged with this transaction.
   */
  amount: number;
  /** The payment provider's id, so that telling it twice counts once. Never one made of the time. */
  transaction_id: string;
  currency?: string;
  event_type?: RevenueEventType;
  payment_processor?: string;
  visitor_fingerprint?: string | null;
  session_id?: string | null;
  customer_subscription_id?: string;
  /** The change of monthly recurring revenue: 0 or more, but less than 0 for downgrade and churn. */
  mrr_impact?: number;
  is_recurring?: boolean;
  metadata?: Record<string, unknown>;
  /** When the money was taken: ISO 8601 or milliseconds since 1970. Absent: now. */
  timestamp?: string | number;
}

export interface TrackResult {
  success: boolean;
  /** The server had it already. */
  duplicate?: boolean;
  /** It could not be sent and waits; the next `track` or `flush` sends it. */
  queued?: boolean;
}

export interface BatchItemResult extends TrackResult {
  status?: number;
  message?: string;
}

export interface FlushResult {
  sent: number;
  failed: number;
  pending: number;
}

export interface RevenueOptions {
  apiToken: string;
  /** Where the server is, such as https://go.example.com. Absent: HEADWATER_ENDPOINT. */
  endpoint?: string;
  debug?: boolean;
  /** How often one event is sent again before it waits for `flush` or the next event. 10. */
  maxRetries?: number;
  /** The first pause, doubled with each try up to 30 s. 1000. */
  retryBackoff?: number;
  /** A server that asks for a longer pause than this is asked again after it. 60000. */
  maxRetryAfter?: number;
  /** How many events may wait; more are refused. 10000. */
  maxQueue?: number;
  /** Milliseconds until one request is given up. 15000. */
  timeout?: number;
}
