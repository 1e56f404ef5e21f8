// SPDX-License-Identifier: Apache-2.0
// Who visits, and which visit it is.
import type { Store } from "./store.js";

const visitorName = "headwater_visitor";
const sessionName = "headwater_session";
const customerName = "headwater_customer";
const cookieName = "headwater_visitor";
const inactivityMs = 30 * 60_000;

export function newId(): string {
  if (typeof crypto !== "undefined" && typeof crypto.randomUUID === "function") return crypto.randomUUID();
  // Pages without TLS have no randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function cookie(name: string): string | null {
  for (const part of document.cookie.split(";")) {
    const [key, value] = part.trim().split("=");
    if (key === name && value) return decodeURIComponent(value);
  }
  return null;
}

export class Visitor {
  readonly #store: Store;
  constructor(store: Store) {
    this.#store = store;
  }

  /** The server's cookie when it sets one, else an id of our own. */
  fingerprint(): string {
    const known = cookie(cookieName) ?? this.#store.get(visitorName);
    if (known !== null) return known;
    const made = newId();
    this.#store.set(visitorName, made);
    return made;
  }

  /** The session goes on while less than half an hour passes between two calls, over reloads and tabs. */
  session(now: number): string {
    const [id = "", seen = ""] = (this.#store.get(sessionName) ?? "").split(" ");
    const idle = now - Number(seen);
    const current = id !== "" && idle < inactivityMs && idle > -inactivityMs ? id : newId();
    this.#store.set(sessionName, `${current} ${now}`);
    return current;
  }

  customer(): string | null {
    return this.#store.get(customerName);
  }

  identify(customerId: string): void {
    this.#store.set(customerName, customerId);
  }

  forget(): void {
    for (const name of [customerName, sessionName, visitorName]) this.#store.set(name, null);
  }
}
