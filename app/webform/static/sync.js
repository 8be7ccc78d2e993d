// The outbox at work in a browser: one tab sends at a time, whenever there may be a network, and every tab hears of it.

import { Outbox } from "./outbox.js";
import * as session from "./session.js";
import * as store from "./store.js";
import { upload } from "./upload.js";

const AGAIN = 60_000;
/** What may be taken back from here: the server would not have it. */
export const MENDED = new Set(["refused", "conflict"]);
const news = new BroadcastChannel("hearsight-sync");
const listeners = new Set();
let isQueued = false;
let isHurried = false;
let isAgain = false;
let isRunning = false;
let timer = null;

async function packed(text) {
  if (typeof CompressionStream === "undefined") return { body: text, headers: {} };
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return { body: await new Response(stream).arrayBuffer(), headers: { "Content-Encoding": "gzip" } };
}

// The results of a list sent, or what is wrong: an answer that has none is not our server's.
async function results(answer) {
  if (!answer.ok) throw await session.refusal(answer);
  const told = await answer.json().catch(() => null);
  if (!Array.isArray(told?.results)) throw new session.Unreachable();
  return told.results;
}

const net = {
  async batch(items, owner) {
    const { body, headers } = await packed(JSON.stringify({ items }));
    // What this phone's own clock says, right or wrong: the server estimates how far it is off.
    const told = { "Content-Type": "application/json", "Hearsight-Sent-At": new Date().toISOString(), ...headers };
    return results(await session.call("observations/batch", { method: "POST", body, headers: told, owner }));
  },
  async receipts(ids, owner) {
    const options = { method: "POST", body: JSON.stringify({ ids }), headers: { "Content-Type": "application/json" }, owner };
    return results(await session.call("observations/receipts", options));
  },
  upload(file, owner, between) {
    const call = (path, options) => session.call(path, { ...options, owner });
    return upload(file, { call, between, refusal: session.refusal, progress: (at, of) => tell({ file: file.id, at, of }) });
  },
};

// Whose observations these are: a phone that is enrolled for somebody else must not file them under that name.
const owner = async () => session.ownerOf(await session.current());

const isOthers = (entry, holder) => Boolean(entry.owner) && entry.owner !== holder;

const outbox = new Outbox({ store, net, owner, changed: () => changed() });

function changed() {
  news.postMessage("changed");
  tell();
}

// What subscribers hear: {running, entries: [{id, state, tries, fault?, receipt?, lacking?, wiped?, body, files: {sent, of}}], progress?}.
export async function snapshot(progress) {
  const [entries, files, holder] = await Promise.all([store.all("outbox"), store.all("file"), owner()]);
  const shown = entries.map((entry) => {
    const own = files.filter((file) => file.observation_id === entry.id);
    const refused = own.filter((file) => file.state === "refused");
    // What was being sent when the app was ended, or by another tab, is not being sent from here.
    const now = entry.state === "sending" && !isRunning ? "waiting" : entry.state;
    // What somebody else filed on this phone waits until it is enrolled for them again; nobody mends it in their place.
    const state = isOthers(entry, holder) && (now === "waiting" || MENDED.has(now)) ? "needs_sign_in" : now;
    return { ...entry, state, files: { sent: own.filter((file) => file.state === "stored").length, of: own.length, refused } };
  });
  return { running: isRunning, entries: shown.sort((one, other) => other.filed_at - one.filed_at), progress };
}

async function tell(progress) {
  if (!listeners.size || store.isSealed()) return;
  const told = await snapshot(progress);
  for (const listener of listeners) listener(told);
}

// Hear of every change, now and later; gives the function that ends it.
export function subscribe(listener) {
  listeners.add(listener);
  tell();
  return () => listeners.delete(listener);
}

// File an observation: `body` as the API takes it, `files` as the store has them. Throws `StorageFull` or `Gone` with nothing changed;
// after it, the observation lies on the disk and is sent when it can be. The draft under `draft` goes with it.
export async function enqueue(body, files = [], draft = null) {
  await outbox.enqueue(body, files, draft);
  run();
}

// Send what waits. `isAsked`: by somebody who pressed a button or a network that came back, so that our own delay does not count.
// `isButton`: what was refused of files is tried once more too.
export function run({ isAsked = false, isButton = false } = {}) {
  if (store.isSealed()) return;
  isHurried ||= isAsked;
  isAgain ||= isButton;
  if (isQueued) return;
  isQueued = true;
  navigator.locks.request("hearsight-sync", async () => {
    const [isHurry, isRetry] = [isHurried, isAgain];
    isQueued = isHurried = isAgain = false;
    isRunning = true;
    clearTimeout(timer);
    try {
      if (isHurry) outbox.hurry();
      if (isRetry) await outbox.again();
      const wait = await outbox.round();
      // Timers stop while a phone sleeps; what wakes it up asks anyway.
      timer = setTimeout(run, Math.min(wait ?? AGAIN, AGAIN));
    } catch {
      // A full disk or a lock that closed: nothing is lost, and the next reason to run comes by itself.
      timer = setTimeout(run, AGAIN);
    } finally {
      isRunning = false;
      changed();
    }
  });
}

// Take an entry that the server would not have back into drafts, to be mended; under a new id where the old one is taken. `otherwise` is
// what the draft has otherwise than the entry. Null where another window was first, or somebody else filed it.
export async function mend(id, otherwise = {}) {
  const entry = await store.get("outbox", id);
  if (!MENDED.has(entry?.state) || isOthers(entry, await owner())) return null;
  const fresh = entry.state === "conflict" ? crypto.randomUUID() : id;
  const { form, form_code, form_version, case_id, hearing_id, answers, supersedes } = entry.body;
  const files = (await store.all("file")).filter((file) => file.observation_id === id);
  const draft = {
    id: fresh,
    form: form_code ?? form,
    form_version,
    case_id,
    hearing_id,
    answers,
    supersedes,
    // What stands at no question cannot be mended at one, and must not keep the draft from being sent.
    faults: (entry.fault?.errors ?? []).filter((each) => each.pointer?.startsWith("/answers/")),
    changed_at: Date.now(),
    ...otherwise,
  };
  const moved = files.map(({ fault: _, tries, ...file }) => ["amend", "file", { ...file, observation_id: fresh, state: "draft" }]);
  return (await taken(id, [["put", "draft", draft], ...moved])) ? draft : null;
}

// Take an entry out of the outbox, and change with it what goes with it; false where it is there no more.
async function taken(id, steps) {
  try {
    await store.change([["need", "outbox", id], ["remove", "outbox", id], ...steps]);
    return true;
  } catch (fault) {
    if (!(fault instanceof store.Gone)) throw fault;
    return false;
  } finally {
    changed();
  }
}

// Forget an entry that cannot be sent, with its files; one that another window took back or sent meanwhile stays.
export async function discard(id) {
  const entry = await store.get("outbox", id);
  if (!MENDED.has(entry?.state) || isOthers(entry, await owner())) return changed();
  const files = (await store.all("file")).filter((file) => file.observation_id === id);
  await taken(
    id,
    files.map((file) => ["remove", "file", file.id]),
  );
}

// Forget that there were entries which the server has whole.
export async function tidy() {
  // Where a photo came late, it goes first: without its entry nobody would send it.
  const holding = new Set((await store.all("file")).map((file) => file.observation_id));
  const done = (await store.all("outbox")).filter((entry) => entry.wiped && !holding.has(entry.id));
  await store.change(done.map((entry) => ["remove", "outbox", entry.id]));
  changed();
}

// Begin: at once, whenever the network comes back, whenever the app is looked at again.
export function start() {
  news.onmessage = () => tell();
  addEventListener("online", () => run({ isAsked: true }));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && run());
  run({ isAsked: true });
}
