// SPDX-License-Identifier: Apache-2.0

/** The event cannot be right, and was not sent. */
export class RevenueValidationError extends Error {
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.name = "RevenueValidationError";
    this.field = field;
  }
}

/** The server refused it for good: sending it again would not help. */
export class RevenueError extends Error {
  readonly status: number;
  readonly body: string;
  constructor(status: number, body: string) {
    super(`The server answered ${status}: ${messageOf(body)}`);
    this.name = "RevenueError";
    this.status = status;
    this.body = body;
  }
}

/** As many events wait as may; this one was not taken. */
export class RevenueQueueFullError extends Error {
  constructor(limit: number) {
    super(`${limit} events wait already: the server has not answered for a while. ` +
      "Keep this event yourself and tell it again, with the same transaction_id.");
    this.name = "RevenueQueueFullError";
  }
}

export function messageOf(body: string): string {
  try {
    const read = JSON.parse(body) as { message?: unknown; error?: unknown };
    if (typeof read.message === "string") return read.message;
    if (typeof read.error === "string") return read.error;
  } catch {
    // A proxy in between answers with whatever it likes.
  }
  return body.slice(0, 200);
}
