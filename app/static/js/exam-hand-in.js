// Handing in: this device and the server compare their digests first. When they differ, nothing is closed: the device
// sends once more what it has, asks again, and if that does not help the candidate sees which questions differ.
const tools = () => import(document.querySelector('script[src*="/exam-digest.js"]').src);
const KEY = 'exam-answers-';

// The answers that the exam page shows, for the check page: {epoch, writer, rows: [[slot, answer], …]}, no question text.
export function remember(ref, shown) { try { sessionStorage.setItem(KEY + ref, JSON.stringify(shown)); } catch (e) { /* then nothing is compared */ } }
export function remembered(ref) {
  try { return JSON.parse(sessionStorage.getItem(KEY + ref)); } catch (e) { return null; }
}

// `post` sends JSON; `at` has the addresses handIn and save; `shown` is what `remember` keeps, or null. Resolves to
// {location} when it is handed in, or to {differ: [{slot, mine, theirs}], digest}. Throws when the server is not reached.
export async function handIn(post, at, ref, shown, accepted = '') {
  const { digest, canonical } = await tools(), mine = new Map(shown ? shown.rows : []);
  const own = shown && crypto.subtle ? await digest(ref, mine) : '';
  const ask = async () => {
    const reply = await post(at.handIn, { digest: own, accepted });
    const said = await reply.json().catch(() => ({}));
    if (reply.ok || reply.status === 410) return { location: said.location };
    if (said.code !== 'Differs') throw new Error(reply.status);
    return said;
  };
  const differing = ({ answers }) => [...new Set([...mine.keys(), ...Object.keys(answers).map(Number)])]
    .map((slot) => ({ slot, mine: mine.get(slot) ?? null, theirs: answers[slot] ?? null }))
    .filter((one) => canonical(one.mine) !== canonical(one.theirs)).sort((a, b) => a.slot - b.slot);
  let said = await ask();
  if (!said.answers) return said;
  if (said.epoch === shown.epoch) {
    const entries = differing(said).slice(0, 64).map((one, i) => ({ seq: said.last + 1 + i, slot: one.slot, value: one.mine, ms: Date.now() }));
    await post(at.save, { epoch: said.epoch, writer: shown.writer, entries });
    said = await ask();
    if (!said.answers) return said;
  }
  return { differ: differing(said), digest: said.digest };
}
