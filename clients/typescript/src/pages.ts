/** One page of a list. `next_cursor` is null on the last one. */
export interface Page<T> {
  data: T[];
  next_cursor?: string | null;
}

/**
 * A list that comes in pages. `for await` goes through the items of all pages; `page()` gets one page; `all()` all items.
 * Nothing is requested before.
 */
export class Paged<T, P extends Page<T> = Page<T>> implements AsyncIterable<T> {
  readonly #get: (cursor: string | undefined) => Promise<P>;

  constructor(get: (cursor: string | undefined) => Promise<P>) {
    this.#get = get;
  }

  /** One page: the first, or the one after a `next_cursor`. */
  page(cursor?: string): Promise<P> {
    return this.#get(cursor);
  }

  /** The pages, one after the other. */
  async *pages(): AsyncGenerator<P, void, undefined> {
    let cursor: string | undefined;
    do {
      const page = await this.#get(cursor);
      yield page;
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.data;
  }

  /** All items, or as many as `limit`. */
  async all(limit = Infinity): Promise<T[]> {
    const found: T[] = [];
    if (limit <= 0) return found;
    for await (const item of this) {
      found.push(item);
      if (found.length >= limit) break;
    }
    return found;
  }
}
