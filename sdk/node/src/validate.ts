// SPDX-License-Identifier: Apache-2.0
// The server's rules that can be judged without it, so that a mistake shows where it was made.
import { RevenueValidationError } from "./errors.js";
import { eventTypes, type RevenueEvent } from "./types.js";

const textMax = 255;

function refuse(field: string, message: string): never {
  throw new RevenueValidationError(field, message);
}

function requireText(event: RevenueEvent, field: "customer_id" | "transaction_id", why = ""): void {
  const value: unknown = event[field];
  if (value === undefined || value === null || value === "") refuse(field, `${field} is required.${why}`);
  if (typeof value !== "string") refuse(field, `${field} must be a string, not ${typeof value}.`);
  if (value.length > textMax) refuse(field, `${field} is longer than ${textMax} characters.`);
}

function checkAmount(event: RevenueEvent, type: string): void {
  const { amount } = event;
  if (typeof amount !== "number" || !Number.isFinite(amount)) refuse("amount", "Invalid amount");
  if (type === "refund") {
    if (amount >= 0) refuse("amount", "Refund amount must be negative");
  } else if (type === "churn") {
    if (amount !== 0) refuse("amount", "Churn amount must be 0");
  } else if (amount < 0 || (amount === 0 && !mayBeFree(event, type))) {
    refuse("amount", "Revenue amount must be positive");
  }
}

// Upgrades and downgrades may charge nothing now; a subscription may begin with a trial.
function mayBeFree(event: RevenueEvent, type: string): boolean {
  if (type === "upgrade" || type === "downgrade") return true;
  return type === "subscription" && (event.mrr_impact ?? 0) > 0 && event.metadata?.["trial"] === true;
}

function checkMrr(event: RevenueEvent, type: string): void {
  const mrr: unknown = event.mrr_impact;
  if (mrr === undefined || mrr === null) {
    if (type === "upgrade" || type === "downgrade") refuse("mrr_impact", `mrr_impact is required for ${type}.`);
    return;
  }
  if (typeof mrr !== "number" || !Number.isFinite(mrr)) refuse("mrr_impact", "mrr_impact must be a number.");
  const wrong: Record<string, string | false> = {
    purchase: mrr !== 0 && "0",
    renewal: mrr !== 0 && "0",
    subscription: mrr < 0 && "zero or positive",
    upgrade: mrr <= 0 && "positive",
    downgrade: mrr >= 0 && "negative",
    churn: mrr > 0 && "negative",
    refund: mrr > 0 && "zero or negative",
  };
  if (wrong[type]) refuse("mrr_impact", `mrr_impact must be ${wrong[type]} for ${type}.`);
}

/** Throws a RevenueValidationError that names the field and the fix. */
export function validate(event: RevenueEvent): void {
  if (typeof event !== "object" || event === null) refuse("event", "The event must be an object.");
  requireText(event, "customer_id");
  requireText(event, "transaction_id", " Use the payment provider's id.");
  const type = event.event_type ?? "purchase";
  if (!eventTypes.includes(type)) {
    refuse("event_type", `event_type must be one of: ${eventTypes.join(", ")}.`);
  }
  checkAmount(event, type);
  checkMrr(event, type);
  if (event.currency !== undefined && !/^[A-Za-z]{3}$/.test(event.currency)) {
    refuse("currency", "currency must be an ISO 4217 code.");
  }
  const { metadata } = event;
  if (metadata !== undefined && (typeof metadata !== "object" || metadata === null || Array.isArray(metadata))) {
    refuse("metadata", "metadata must be an object.");
  }
}

/** Ids such as tx_1700000000000, which are new each time the same payment is told. */
export function looksLikeTime(transactionId: string): boolean {
  return /^[a-z_-]*\d{13}$/i.test(transactionId);
}
