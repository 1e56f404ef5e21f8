// SPDX-License-Identifier: Apache-2.0
// Small texts that outlive the page, where the browser and the visitor's wishes allow it.

export interface Store {
  get(name: string): string | null;
  set(name: string, value: string | null): void;
}

class MemoryStore implements Store {
  readonly #values = new Map<string, string>();
  get(name: string): string | null {
    return this.#values.get(name) ?? null;
  }
  set(name: string, value: string | null): void {
    if (value === null) this.#values.delete(name);
    else this.#values.set(name, value);
  }
}

// Writing can fail at any time: private windows, full quotas, blocked cookies.
class LocalStore implements Store {
  readonly #storage: Storage;
  readonly #memory = new MemoryStore();
  constructor(storage: Storage) {
    this.#storage = storage;
  }
  get(name: string): string | null {
    try {
      return this.#storage.getItem(name) ?? this.#memory.get(name);
    } catch {
      return this.#memory.get(name);
    }
  }
  set(name: string, value: string | null): void {
    this.#memory.set(name, value);
    try {
      if (value === null) this.#storage.removeItem(name);
      else this.#storage.setItem(name, value);
    } catch {
      // It lasts as long as the page.
    }
  }
}

export function wantsPrivacy(): boolean {
  const told = navigator as Navigator & { globalPrivacyControl?: boolean };
  return told.globalPrivacyControl === true || navigator.doNotTrack === "1";
}

export function openStore(lasting: boolean): Store {
  if (!lasting) return new MemoryStore();
  try {
    return new LocalStore(window.localStorage);
  } catch {
    return new MemoryStore();
  }
}
