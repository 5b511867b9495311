(function () {
  "use strict";
  const From = Buffer.from.bind(Buffer), view = ArrayBuffer.isView;
  const names = {"utf-8": "utf8", "utf8": "utf8", "unicode-1-1-utf-8": "utf8", "utf-16le": "utf16le", "utf-16": "utf16le",
                 "ascii": "latin1", "us-ascii": "latin1", "latin1": "latin1", "iso-8859-1": "latin1", "windows-1252": "latin1"};
  const labels = {"utf8": "utf-8", "utf16le": "utf-16le", "latin1": "windows-1252"};
  function bytes(input) {
    if (input === undefined) return From([]);
    return view(input) ? From(input.buffer, input.byteOffset, input.byteLength) : From(input);
  }
  globalThis.TextEncoder = class TextEncoder {
    get encoding() { return "utf-8"; }
    encode(text) { return new Uint8Array(From(text === undefined ? "" : String(text), "utf8")); }
  };
  globalThis.TextDecoder = class TextDecoder {
    #name; #fatal; #keepMark;
    constructor(label, options) {
      this.#name = names[label === undefined ? "utf-8" : String(label).trim().toLowerCase()];
      if (!this.#name) throw new RangeError("the encoding " + label + " is not supported");
      this.#fatal = Boolean(options && options.fatal);
      this.#keepMark = Boolean(options && options.ignoreBOM);
    }
    get encoding() { return labels[this.#name]; }
    get fatal() { return this.#fatal; }
    get ignoreBOM() { return this.#keepMark; }
    decode(input) {
      const given = bytes(input), text = given.toString(this.#name);
      if (this.#fatal && !From(text, this.#name).equals(given)) throw new TypeError("the data is not valid " + this.encoding);
      return !this.#keepMark && text.charCodeAt(0) === 0xFEFF ? text.slice(1) : text;
    }
  };
})();
