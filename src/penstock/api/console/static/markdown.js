// A small part of Markdown as elements: headings, paragraphs, lists, quotes, rules, code, bold, italics, links. Everything else stays text: no HTML is read.
import { h } from "./dom.js";

const INLINE = /(`+)(.+?)\1|\*\*(.+?)\*\*|\*([^*\s](?:.*?[^*\s])?)\*|\[([^\]]*)\]\(([^()\s]+)\)/;

function inline(text) {
  const parts = [];
  let rest = text;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    if (found.index) parts.push(rest.slice(0, found.index));
    const [all, , code, bold, italic, label, href] = found;
    if (code !== undefined) parts.push(h("code", {}, code.trim()));
    else if (bold !== undefined) parts.push(h("b", {}, inline(bold)));
    else if (italic !== undefined) parts.push(h("i", {}, inline(italic)));
    else parts.push(link(label, href) || all);
    rest = rest.slice(found.index + all.length);
  }
  if (rest) parts.push(rest);
  return parts;
}

function link(label, href) {
  let to = null;
  try { to = new URL(href, location.origin); } catch { return null; }
  if (!["http:", "https:", "mailto:"].includes(to.protocol)) return null;
  const own = to.origin === location.origin;
  return h("a", { href: to.href, target: own ? null : "_blank", rel: own ? null : "noopener noreferrer" }, label || href);
}

/** The elements of a text. */
export function markdown(text) {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const found = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    const heading = /^(#{1,4})\s+(.*)$/.exec(line);
    const take = (test, strip) => { const taken = []; while (at < lines.length && test.test(lines[at])) taken.push(lines[at++].replace(strip, "")); return taken; };
    if (!line.trim()) at += 1;
    else if (heading) { found.push(h(`h${Math.min(heading[1].length + 1, 4)}`, {}, inline(heading[2]))); at += 1; }
    else if (/^(-{3,}|\*{3,})\s*$/.test(line)) { found.push(h("hr")); at += 1; }
    else if (line.startsWith("```")) {
      at += 1;
      const code = [];
      while (at < lines.length && !lines[at].startsWith("```")) code.push(lines[at++]);
      at += 1;
      found.push(h("pre", {}, h("code", {}, code.join("\n"))));
    } else if (/^\s*[-*]\s+/.test(line)) found.push(h("ul", {}, take(/^\s*[-*]\s+/, /^\s*[-*]\s+/).map((item) => h("li", {}, inline(item)))));
    else if (/^\s*\d+[.)]\s+/.test(line)) found.push(h("ol", {}, take(/^\s*\d+[.)]\s+/, /^\s*\d+[.)]\s+/).map((item) => h("li", {}, inline(item)))));
    else if (line.startsWith(">")) found.push(h("blockquote", {}, markdown(take(/^>/, /^>\s?/).join("\n"))));
    else {
      const words = [line];
      at += 1;
      while (at < lines.length && lines[at].trim() && !/^(#{1,4}\s|>|```|\s*[-*]\s|\s*\d+[.)]\s)/.test(lines[at])) words.push(lines[at++]);
      found.push(h("p", {}, words.flatMap((one, index) => [index ? h("br") : null, ...inline(one)])));
    }
  }
  return found;
}
