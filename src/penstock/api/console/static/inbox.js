// Counts the characters and parts of an SMS as it is typed: <textarea data-sms-text> and <output data-sms-count>.
// GSM-7 holds 160 characters in one SMS and 153 in each part of several, UCS-2 70 and 67. No part ends within a character.
const BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const EXTENSION = "\f^{}\\[~]|€";
const MAX_PARTS = 10;

/** {units, parts, room, other}: what a text takes, what is left in its last part, and the first character that GSM-7 has not. */
export function measured(text) {
  const characters = [...text];
  const other = characters.find((one) => !BASIC.includes(one) && !EXTENSION.includes(one)) || "";
  const sizes = characters.map((one) => (other ? one.length : EXTENSION.includes(one) ? 2 : 1));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  const [single, joined] = other ? [70, 67] : [160, 153];
  if (units <= single) return { units, parts: 1, room: single - units, other };
  let parts = 1;
  let filled = 0;
  for (const size of sizes) {
    if (filled + size > joined) { parts += 1; filled = 0; }
    filled += size;
  }
  return { units, parts, room: joined - filled, other };
}

/** The same in words. */
export function said(text) {
  const { units, parts, room, other } = measured(text);
  const size = `${units} ${units === 1 ? "character" : "characters"}, ${parts} SMS, ${room} left${parts > 1 ? " in the last" : ""}.`;
  if (parts > MAX_PARTS) return `${size} At most ${MAX_PARTS} can be sent as one text.`;
  return other ? `${size} “${other}” is not in the alphabet of SMS, so that one holds 70 characters.` : size;
}

if (globalThis.document) {
  const text = document.querySelector("[data-sms-text]");
  const count = document.querySelector("[data-sms-count]");
  const show = () => { count.textContent = said(text.value); };
  if (text && count) {
    text.addEventListener("input", show);
    show();
  }
}
