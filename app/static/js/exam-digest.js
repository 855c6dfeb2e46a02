// The digest compared at hand-in. `settled` gives an answer the shape in which the server stores it (banks/responses.py),
// `canonical` its one text, `digest` the SHA-256 as exams/journal.py makes it.
const LONE = /[\ud800-\udfff]/gu; // half a character cannot be stored
// What Python's str.strip takes off; trim() differs by a few control characters and by the byte order mark.
const SPACE = '\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const ENDS = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, 'g');
const text = (raw) => raw.replace(LONE, '').replace(/\r\n/g, '\n').replace(/\0/g, '').replace(ENDS, '');

const shapes = {
  single: (raw) => raw,
  judge: (raw) => raw,
  multiple: (raw) => (raw.length ? [...new Set(raw)].sort() : null),
  short: (raw) => text(raw) || null,
  blank: (raw) => { const made = raw.map(text); return made.some(Boolean) ? made : null; },
  case: (raw) => {
    const filled = Object.entries(raw).map(([name, value]) => [name, text(value)]).filter((pair) => pair[1]);
    return filled.length ? Object.fromEntries(filled) : null;
  },
};
export const settled = (kind, raw) => (raw === null || raw === undefined || raw === '' ? null : shapes[kind](raw));

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

// `answers` is a Map of slot → settled answer; no answer is left out.
export async function digest(ref, answers) {
  const rows = [...answers].filter(([slot, value]) => slot > 0 && value !== null).sort((a, b) => a[0] - b[0]);
  const whole = canonical([ref, rows.map(([slot, value]) => [slot, canonical(value)])]);
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(whole));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
