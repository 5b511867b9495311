/** The reason of an ended signal, as an error to throw. */
export function reasonOf(signal: AbortSignal): unknown {
  return signal.reason ?? new DOMException("This operation was aborted", "AbortError");
}

/** Wait, unless a signal ends it: then its reason is thrown. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(reasonOf(signal));
    const ended = (): void => {
      clearTimeout(timer);
      reject(reasonOf(signal as AbortSignal));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", ended);
      resolve();
    }, ms);
    signal?.addEventListener("abort", ended, { once: true });
  });
}

/** A wait that doubles with each attempt (from 0) up to a limit, each between half and the whole of it. Milliseconds. */
export function backOff(attempt: number, firstMs = 500, limitMs = 8_000): number {
  const full = Math.min(limitMs, firstMs * 2 ** Math.min(attempt, 30));
  return full * (0.5 + Math.random() / 2);
}

/** A signal of our own that another one ends too. `release` forgets the other one. */
export class Link {
  readonly controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #end = (): void => this.controller.abort(this.#outer && reasonOf(this.#outer));

  constructor(outer?: AbortSignal) {
    this.#outer = outer;
    if (outer?.aborted) this.#end();
    else outer?.addEventListener("abort", this.#end, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  release(): void {
    this.#outer?.removeEventListener("abort", this.#end);
  }
}

/** A random text of 32 hexadecimal digits. Works in pages without TLS too, where `crypto.randomUUID` does not exist. */
export function randomName(): string {
  const bytes = new Uint8Array(16);
  if (globalThis.crypto?.getRandomValues) globalThis.crypto.getRandomValues(bytes);
  else for (let at = 0; at < bytes.length; at += 1) bytes[at] = Math.floor(Math.random() * 256); // Node 18: a name, no secret
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}
