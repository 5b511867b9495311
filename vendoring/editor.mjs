// The code editor of the console's pages, bundled into one file that defines the global `PenstockEditor`:
//
//   const editor = PenstockEditor.create({parent, doc, language, readOnly, onChange, completions, lint, nonce, dark, label, height});
//   const diff = PenstockEditor.diff({parent, before, after, language, unified, nonce, dark, label});
//
// parent       the element that the editor is added to
// doc          the text at the start
// language     "cel" | "javascript" | "json" | "text"
// readOnly     no changes; text can be selected and searched
// onChange     called with the whole text after each change
// completions  [{label, type?, detail?, info?, apply?, boost?}], or (context) => a result of CodeMirror's `CompletionSource`
// lint         (text) => [{from, to, severity: "error"|"warning"|"info", message}], or a promise of it; JSON is checked without it
// nonce        of the page's Content-Security-Policy. Without one the editor is in a shadow root, whose style sheets are made by the
//              script and need no nonce: a page with `style-src 'self'` works either way
// dark         colours for a dark page; changes with setDark
// label        the name that screen readers say; "Code" without it
// height       a CSS length at which the editor starts to scroll, for example "24rem"; without it the editor grows with its text
//
// Both return {view, getValue, setValue, insert, focus, select, setDark, setReadOnly, setDiagnostics, refreshLint, destroy}; of a diff they
// are those of the text after the change. Positions are offsets into the text in UTF-16 units. Colours come from the page's custom
// properties where it sets them: --editor-background, --editor-text, --editor-gutter, --editor-line, --editor-border, --editor-accent,
// --editor-selection, --editor-keyword, --editor-string, --editor-number, --editor-function, --editor-property, --editor-comment, --editor-invalid, --editor-font.
import { indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { forceLinting, linter, lintGutter, setDiagnostics } from "@codemirror/lint";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";

const CEL_ATOMS = new Set(["true", "false", "null"]);
const CEL_WORDS = new Set(["in", "all", "exists", "exists_one", "map", "filter", "has"]);
const CEL_TYPES = new Set(["bool", "bytes", "double", "duration", "dyn", "int", "list", "string", "timestamp", "type", "uint"]);
const CEL_NUMBER = /^(?:0x[0-9a-fA-F]+u?|\d+\.\d+(?:e[+-]?\d+)?|\d+e[+-]?\d+|\.\d+(?:e[+-]?\d+)?|\d+u?)/i;
const CEL_STRING = /^(?:[rR]?[bB]?|[bB][rR])("""|'''|"|')/;

function celString(stream, state) {
  const { quote, raw } = state.string;
  while (!stream.eol()) {
    if (stream.match(quote)) {
      state.string = null;
      return "string";
    }
    if (stream.next() === "\\" && !raw) stream.next();
  }
  if (quote.length === 1) state.string = null; // a string in single quotes ends with its line
  return "string";
}

function celWord(stream, word, afterDot) {
  if (!afterDot && CEL_ATOMS.has(word)) return word === "null" ? "null" : "bool";
  const isCalled = stream.match(/^\s*\(/, false);
  if (CEL_WORDS.has(word) && (isCalled || word === "in")) return "keyword";
  if (isCalled) return !afterDot && CEL_TYPES.has(word) ? "typeName" : "variableName.function";
  return afterDot ? "propertyName" : "variableName";
}

const cel = StreamLanguage.define({
  name: "cel",
  startState: () => ({ string: null, afterDot: false }),
  token(stream, state) {
    if (state.string) return celString(stream, state);
    if (stream.eatSpace()) return null;
    const { afterDot } = state;
    state.afterDot = false;
    if (stream.match("//")) {
      stream.skipToEnd();
      return "comment";
    }
    const opened = stream.match(CEL_STRING);
    if (opened) {
      state.string = { quote: opened[1], raw: /^[bB]?[rR]/.test(opened[0]) };
      return celString(stream, state);
    }
    if (stream.match(CEL_NUMBER)) return "number";
    const word = stream.match(/^[A-Za-z_][A-Za-z0-9_]*/);
    if (word) return celWord(stream, word[0], afterDot);
    if (stream.match(/^(?:&&|\|\||[=!<>]=|[-+*\/%<>!?:])/)) return "operator";
    if (stream.eat(".")) state.afterDot = true;
    else stream.next();
    return "punctuation";
  },
  languageData: { commentTokens: { line: "//" }, closeBrackets: { brackets: ["(", "[", "{", "'", '"'] } },
});

const LANGUAGES = { cel: () => cel, javascript: () => javascript(), json: () => json(), text: () => [] };

const LIGHT = {
  background: "#ffffff", text: "#1d2530", gutter: "#5c6675", line: "#f1f4f8", border: "#d5dbe3", accent: "#1769a6", selection: "#cfe3f5",
  keyword: "#7c3aad", string: "#1a6b3c", number: "#9a4a00", function: "#1a5fa8", property: "#0b6470", comment: "#5c6675", invalid: "#b3261e",
};
const DARK = {
  background: "#12171e", text: "#dbe2ea", gutter: "#8d98a7", line: "#1a212b", border: "#303a47", accent: "#63b3ed", selection: "#234a6b",
  keyword: "#c9a5f0", string: "#8fd3a5", number: "#f0b27a", function: "#8cc4f5", property: "#7fd0d8", comment: "#8d98a7", invalid: "#ff8a80",
};

function theme(dark, height) {
  const fallback = dark ? DARK : LIGHT;
  const colour = (name) => `var(--editor-${name}, ${fallback[name]})`;
  const selected = { backgroundColor: colour("selection") };
  const floating = { backgroundColor: colour("background"), color: colour("text"), border: `1px solid ${colour("border")}` };
  const rules = {
    "&": { backgroundColor: colour("background"), color: colour("text"), fontSize: "13px", ...(height ? { maxHeight: height } : {}) },
    "&.cm-focused": { outline: `2px solid ${colour("accent")}`, outlineOffset: "-1px" },
    ".cm-scroller": { fontFamily: "var(--editor-font, ui-monospace, SFMono-Regular, Menlo, Consolas, monospace)", lineHeight: "20px", overflow: "auto" },
    ".cm-content": { caretColor: colour("text") },
    ".cm-cursor, .cm-dropCursor": { borderLeftColor: colour("text") },
    "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": selected,
    ".cm-gutters": { backgroundColor: colour("background"), color: colour("gutter"), borderRight: `1px solid ${colour("border")}` },
    ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: `color-mix(in srgb, ${colour("line")} 70%, transparent)` },
    ".cm-panels": { backgroundColor: colour("line"), color: colour("text") },
    ".cm-panels-bottom": { borderTop: `1px solid ${colour("border")}` },
    ".cm-button, .cm-textfield": { ...floating, backgroundImage: "none", borderRadius: "4px", fontSize: "13px" },
    ".cm-button:active": { backgroundImage: "none" },
    ".cm-tooltip": { ...floating, borderRadius: "6px" },
    ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: colour("selection"), color: colour("text") },
  };
  const style = HighlightStyle.define([
    { tag: [tags.keyword, tags.bool, tags.null, tags.atom, tags.modifier], color: colour("keyword") },
    { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.character], color: colour("string") },
    { tag: tags.number, color: colour("number") },
    { tag: [tags.function(tags.variableName), tags.function(tags.propertyName), tags.typeName, tags.className], color: colour("function") },
    { tag: [tags.propertyName, tags.attributeName], color: colour("property") },
    { tag: [tags.comment, tags.meta], color: colour("comment"), fontStyle: "italic" },
    { tag: tags.invalid, color: colour("invalid") },
  ]);
  return [EditorView.theme(rules, { dark }), syntaxHighlighting(style)];
}

function completing(completions) {
  if (!completions) return [];
  const listed = (context) => {
    const word = context.matchBefore(/[\w$]*/);
    if (!context.explicit && word.from === word.to) return null;
    return { from: word.from, options: completions, validFor: /^[\w$]*$/ };
  };
  const autocomplete = typeof completions === "function" ? completions : listed;
  return EditorState.languageData.of(() => [{ autocomplete }]);
}

function linting(language, lint) {
  const extensions = [];
  const parses = jsonParseLinter();
  if (language === "json") extensions.push(linter((view) => (view.state.doc.toString().trim() ? parses(view) : [])));
  if (lint) extensions.push(linter(async (view) => bounded(view, (await lint(view.state.doc.toString())) ?? []), { delay: 400 }));
  return extensions.length ? [lintGutter(), ...extensions] : [];
}

/** Diagnostics whose positions are inside the text, which may have become shorter since they were made. */
function bounded(view, diagnostics) {
  const end = view.state.doc.length;
  const inside = (position) => Math.max(0, Math.min(end, Number(position) || 0));
  return diagnostics.map((one) => {
    const from = inside(one.from);
    return { ...one, from, to: Math.max(from, inside(one.to ?? from)), severity: one.severity ?? "error" };
  });
}

function reading(readOnly) {
  return [EditorState.readOnly.of(readOnly), EditorView.contentAttributes.of({ "aria-readonly": String(readOnly) })];
}

function extensionsOf(options, themes, readings) {
  const { language = "text", readOnly = false, onChange, completions, lint, nonce, dark = false, label = "Code", height } = options;
  if (!Object.hasOwn(LANGUAGES, language)) throw new RangeError(`language: one of ${Object.keys(LANGUAGES).join(", ")}`);
  return [
    themes.of(theme(dark, height)),
    basicSetup,
    keymap.of([indentWithTab]), // Escape, then Tab leaves the editor
    LANGUAGES[language](),
    completing(completions),
    linting(language, lint),
    readings.of(reading(readOnly)),
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    nonce ? EditorView.cspNonce.of(nonce) : [],
    onChange ? EditorView.updateListener.of((update) => update.docChanged && onChange(update.state.doc.toString())) : [],
  ];
}

/** Where the editor is added: the parent itself, or a shadow root in it where there is no nonce. */
function placeIn(parent, nonce) {
  if (nonce) return { place: parent, root: parent.getRootNode(), remove: () => {} };
  const host = parent.appendChild(document.createElement("div"));
  const root = host.attachShadow({ mode: "open" });
  return { place: root, root, remove: () => host.remove() };
}

function handleOf(view, themed, readings, destroy) {
  return {
    view,
    getValue: () => view.state.doc.toString(),
    setValue: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: String(text) } }),
    insert: (text) => view.dispatch(view.state.replaceSelection(String(text))),
    focus: () => view.focus(),
    select: (from, to = from) => view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true }),
    setDark: (dark) => themed.forEach((one) => one.view.dispatch({ effects: one.themes.reconfigure(theme(dark, one.height)) })),
    setReadOnly: (readOnly) => view.dispatch({ effects: readings.reconfigure(reading(readOnly)) }),
    setDiagnostics: (diagnostics) => view.dispatch(setDiagnostics(view.state, bounded(view, diagnostics))),
    refreshLint: () => forceLinting(view),
    destroy,
  };
}

export function create(options) {
  const { parent, doc = "", nonce, height } = options;
  const themes = new Compartment();
  const readings = new Compartment();
  const state = EditorState.create({ doc, extensions: extensionsOf(options, themes, readings) });
  const { place, root, remove } = placeIn(parent, nonce);
  const view = new EditorView({ state, parent: place, root });
  return handleOf(view, [{ view, themes, height }], readings, () => {
    view.destroy();
    remove();
  });
}

export function diff(options) {
  const { parent, before, after, nonce, unified = false, label = "Changes" } = options;
  const [oldThemes, newThemes, readings] = [new Compartment(), new Compartment(), new Compartment()];
  const { place, root, remove } = placeIn(parent, nonce);
  const shown = (name, themes) => extensionsOf({ readOnly: true, ...options, height: undefined, label: name }, themes, readings);
  if (unified) {
    const merge = unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: { margin: 3, minSize: 6 } });
    const state = EditorState.create({ doc: after, extensions: [shown(label, newThemes), merge] });
    const view = new EditorView({ state, parent: place, root });
    return handleOf(view, [{ view, themes: newThemes }], readings, () => {
      view.destroy();
      remove();
    });
  }
  const [a, b] = [shown(`${label}: before`, oldThemes), shown(`${label}: after`, newThemes)];
  const sides = { a: { doc: before, extensions: a }, b: { doc: after, extensions: b } };
  const merged = new MergeView({ ...sides, parent: place, root, collapseUnchanged: { margin: 3, minSize: 6 } });
  const themed = [{ view: merged.a, themes: oldThemes }, { view: merged.b, themes: newThemes }];
  return handleOf(merged.b, themed, readings, () => {
    merged.destroy();
    remove();
  });
}

export const languages = Object.keys(LANGUAGES);
