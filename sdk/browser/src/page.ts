// SPDX-License-Identifier: Apache-2.0
// What the page says about itself, and when it becomes another one without loading.
import type { PageviewOptions } from "./types.js";

const utmNames = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"];

function hostOf(url: string): string | undefined {
  try {
    return new URL(url).hostname.replace(/^www\./, "");
  } catch {
    return undefined;
  }
}

function without(entries: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined && value !== ""));
}

export function describePage(options: PageviewOptions, referrerOfPage: string): Record<string, unknown> {
  const url = new URL(options.url ?? window.location.href, window.location.href);
  const referrer = options.referrer ?? referrerOfPage;
  const host = referrer ? hostOf(referrer) : undefined;
  const data: Record<string, unknown> = {
    url: url.href,
    path: url.pathname,
    referrer,
    referrer_source: host === hostOf(url.href) ? undefined : host,
    title: options.title ?? document.title,
    locale: navigator.language,
  };
  for (const name of utmNames) data[name] = url.searchParams.get(name) ?? undefined;
  return without(data);
}

/** Calls `changed` after each navigation within the page, also those that change nothing. */
export function watchNavigation(changed: () => void): void {
  const { history } = window;
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name];
    history[name] = function patched(this: History, ...args: Parameters<History["pushState"]>): void {
      original.apply(this, args);
      changed();
    };
  }
  window.addEventListener("popstate", changed);
}
