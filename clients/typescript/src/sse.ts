/** One event of a stream. `id` is that of this event or of the last one before it that had one. */
export interface ServerSentEvent {
  id: string;
  name: string;
  data: string;
}

/** What a piece of a stream held. */
export interface Parsed {
  events: ServerSentEvent[];
  /** How long to wait before the next connection, in milliseconds, if the server said so. */
  retryMs: number | undefined;
}

/** The most characters that one event may have. More is not sent by a Penstock server. */
const MAX_EVENT = 16 * 1024 * 1024;

/** Parses `text/event-stream` (WHATWG HTML, 9.2.6) piece by piece. Without I/O. An event counts once its empty line has come. */
export class SseParser {
  #rest = "";
  #id = "";
  #name = "";
  #data: string[] = [];
  #size = 0;
  #first = true;

  /** Take the next piece of text. */
  take(text: string): Parsed {
    const found: Parsed = { events: [], retryMs: undefined };
    if (this.#first && text) {
      this.#first = false;
      text = text.replace(/^\uFEFF/, "");
    }
    this.#rest += text;
    // A line ends with CRLF, LF or CR. A CR at the end may be half of a CRLF.
    const ends = /\r\n|\n|\r(?!$)/g;
    let start = 0;
    for (let end = ends.exec(this.#rest); end; end = ends.exec(this.#rest)) {
      this.#line(this.#rest.slice(start, end.index), found);
      start = ends.lastIndex;
    }
    this.#rest = this.#rest.slice(start);
    if (this.#rest.length + this.#size > MAX_EVENT) throw new RangeError("an event of the stream is too large");
    return found;
  }

  #line(line: string, found: Parsed): void {
    if (line === "") {
      if (this.#data.length) found.events.push({ id: this.#id, name: this.#name || "message", data: this.#data.join("\n") });
      this.#name = "";
      this.#data = [];
      this.#size = 0;
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) return; // a comment
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (field === "event") this.#name = value;
    else if (field === "data") {
      this.#data.push(value);
      this.#size += value.length;
    } else if (field === "id" && !value.includes("\0")) this.#id = value;
    else if (field === "retry" && /^\d+$/.test(value)) found.retryMs = Number(value);
  }
}
