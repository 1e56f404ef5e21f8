// SPDX-License-Identifier: Apache-2.0
// One request, and how long to wait before the next one.

export interface Answer {
  /** 0: there was none. */
  status: number;
  body: string;
  retryAfter: string | null;
}

export async function send(url: string, token: string, body: unknown, timeout: number): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-token": token },
      body: JSON.stringify(body),
      redirect: "error",
      signal: AbortSignal.timeout(timeout),
    });
    return {
      status: response.status,
      body: await response.text(),
      retryAfter: response.headers.get("retry-after"),
    };
  } catch (error) {
    return { status: 0, body: String(error), retryAfter: null };
  }
}

/** No answer, too early, too many, or a server in trouble: the same may succeed later. */
export function isTransient(status: number): boolean {
  return status === 0 || status === 408 || status === 425 || status === 429 || status >= 500;
}

/** Milliseconds that the server asks to wait (whole seconds or an HTTP date), or nothing. */
export function retryAfterMs(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text.trim()) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

const pauseMax = 30_000;

/** Half of the exponential pause for sure, the other half by chance, so that clients spread. */
export function pauseMs(attempt: number, backoff: number, random: number): number {
  const pause = Math.min(backoff * 2 ** (attempt - 1), pauseMax);
  return pause / 2 + (pause / 2) * random;
}
