// The lock: after some minutes without a touch the app forgets the key under which store.js keeps everything, until a PIN is typed.
//
// What it protects from: somebody who picks the phone up, looks through the browser, or copies its storage and cannot guess the PIN.
// What it does not: a PIN of six digits is guessed by a machine that has the storage; a long pass phrase is not. Without a PIN the key
// lies beside what it seals. What was deleted may stay readable in the flash memory for a while. While the app is open, it is open.

import * as store from "./store.js";

const ROUNDS = 600_000;
export const SHORTEST = 6;
export const MINUTES = 5;
const news = new BroadcastChannel("hearsight-lock");

const random = (size) => crypto.getRandomValues(new Uint8Array(size));
const kept = async () => (await store.get("kept", "lock")) ?? null;
const imported = (raw) => crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

// A key out of what people type; slow on purpose.
export async function stretched(pin, salt) {
  const given = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
  return crypto.subtle.deriveKey(how, given, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

// What reads the lock and writes it waits for its turn: two windows would put back what the other changed.
const inTurn = (work) => navigator.locks.request("hearsight-lock", work);

// Give the store its key where no PIN stands in the way; true where one does.
export async function isLocked() {
  if (!store.isSealed()) return false;
  // Two tabs that start on a fresh phone begin with one key: what was sealed under the other's could never be read.
  const lock = await inTurn(async () => (await kept()) ?? begun());
  if (!lock.raw) return true;
  store.unseal(await imported(lock.raw));
  return false;
}

async function begun() {
  const lock = { key: "lock", raw: random(32) };
  await store.put("kept", lock);
  return lock;
}

export async function hasPin() {
  return !(await kept())?.raw;
}

// Seconds to wait before the next try: what slows down fingers, not machines.
export async function patience() {
  const { tries = 0, tried_at: at = 0 } = (await kept()) ?? {};
  const wait = tries < 5 ? 0 : Math.min(2 ** (tries - 4), 300);
  const left = Math.ceil((at - Date.now()) / 1000) + wait;
  // A clock that was set back must not lock anybody out until it is there again.
  return left > wait ? 0 : Math.max(0, left);
}

// Open the lock; false for a wrong PIN.
export async function open(pin) {
  const raw = await inTurn(() => opened(pin));
  if (raw === null) return false;
  store.unseal(await imported(raw));
  return true;
}

async function opened(pin) {
  const lock = await kept();
  if (lock.raw) return lock.raw;
  if (await patience()) return null;
  try {
    const raw = await crypto.subtle.decrypt({ name: "AES-GCM", iv: lock.iv }, await stretched(pin, lock.salt), lock.wrapped);
    if (lock.tries) await store.put("kept", { ...lock, tries: 0 });
    return new Uint8Array(raw);
  } catch {
    await store.put("kept", { ...lock, tries: (lock.tries ?? 0) + 1, tried_at: Date.now() });
    return null;
  }
}

// Set a PIN, change it, or (with an empty one) take it off; `before` is the one that stands. False where that is wrong.
export const setPin = (before, pin) => inTurn(() => changed(before, pin));

async function changed(before, pin) {
  const raw = await opened(before);
  if (raw === null) return false;
  const minutes = (await kept()).minutes;
  if (pin === "") {
    await store.put("kept", { key: "lock", raw, minutes });
    return true;
  }
  const [salt, iv] = [random(16), random(12)];
  const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await stretched(pin, salt), raw);
  await store.put("kept", { key: "lock", salt, iv, wrapped, minutes });
  return true;
}

export async function minutes() {
  return (await kept())?.minutes ?? MINUTES;
}

export async function setMinutes(number) {
  await inTurn(async () => store.put("kept", { ...(await kept()), minutes: number }));
}

// Lock every tab: a page that is loaded again has forgotten the key, and whatever it showed.
export function close() {
  news.postMessage("closed");
  return left();
}

// What is seen goes at once; what is being written, a photo just taken, is not lost for it.
async function left() {
  document.documentElement.hidden = true;
  await store.settled();
  location.reload();
}

// Watch for hands: after `minutes` without any, in this tab or another, the app locks itself where it has a PIN.
export function watch() {
  let touched = Date.now();
  let told = 0;
  const touch = () => {
    touched = Date.now();
    if (touched - told > 5000) {
      told = touched;
      news.postMessage("touched");
    }
  };
  for (const kind of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(kind, touch, { passive: true, capture: true });
  news.onmessage = ({ data }) => {
    if (data === "closed") left();
    else touched = Date.now();
  };
  const look = async () => {
    const idle = Date.now() - touched;
    if ((idle < 0 || idle > (await minutes()) * 60_000) && (await hasPin())) close();
  };
  setInterval(look, 10_000);
  // A phone that slept counts its minutes at once when it wakes up.
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
}
