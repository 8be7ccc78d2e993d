// The phone's own session: a key pair that never leaves it, a one-time code redeemed with it, and tokens refreshed by its signature.

import * as store from "./store.js";

const API = new URL("../v1/", import.meta.url);
const LETTERS = /^[0-9A-HJKMNP-TV-Z]{16}$/;
const TIMEOUT = 60_000;

// No answer came, or one that is not from our server.
export class Unreachable extends Error {
  unreachable = true;
}
// The server does not know this phone (any more): a new code is needed. What is kept here stays.
export class SignedOut extends Error {
  signedOut = true;
}
// The server said no, and why: `code`, `errors`, `status`.
export class Refused extends Error {
  constructor(status, told = {}) {
    super(told.code ?? `status ${status}`);
    Object.assign(this, { status, code: told.code ?? "", errors: told.errors ?? [], title: told.title ?? "" });
  }
}

// A code as people type it: groups, small letters, O for 0, I and L for 1; null where it cannot be one.
export function cleaned(typed) {
  const code = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return LETTERS.test(code) ? code : null;
}

// The code that a scanned QR brought in the address, which is wiped from there at once: it must not stay in the history.
export function taken(place = location, past = history) {
  const found = /^#enrol=([^&]+)/.exec(place.hash);
  if (!found) return null;
  past.replaceState(null, "", place.pathname);
  return cleaned(found[1]);
}

export const current = async () => (await store.get("kept", "session")) ?? null;

// For whom a session is: a member of a programme.
export const ownerOf = (known) => (known ? `${known.device.programme_id}/${known.device.member}` : null);

// What changes the session waits for its turn: a refresh that is under way would write the session of before over a new one.
const inTurn = (work) => navigator.locks.request("hearsight-session", work);

// The pair for the next enrolment. It takes the place of the one in use only when a code was redeemed with it.
async function nextPair() {
  const kept = (await store.get("kept", "keys")) ?? { key: "keys" };
  if (kept.next) return kept.next;
  const next = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  // Kept before it is used: with the same key the same code works again when an answer was lost.
  await store.put("kept", { ...kept, next });
  return next;
}

// Redeem a code. Throws `Unreachable` (to be tried again, with the same code) or `Refused`.
export const enrol = (code, label) => inTurn(() => redeemed(code, label));

async function redeemed(code, label) {
  const pair = await nextPair();
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  await store.put("kept", { key: "enrolling", code });
  const body = JSON.stringify({ code, public_key: { kty, crv, x, y }, label });
  const answer = await sent("devices", { method: "POST", body, headers: { "Content-Type": "application/json" } });
  const told = answer.ok ? await answer.json().catch(() => null) : null;
  if (!told?.device) {
    const fault = answer.ok ? new Unreachable() : await refusal(answer);
    // A code that will never work is not tried again at the next start.
    if (fault.status < 500 && fault.status !== 429) await store.remove("kept", "enrolling");
    throw fault;
  }
  const steps = [
    ["put", "kept", { key: "keys", pair }],
    ["put", "kept", session(told, told.device)],
    ["remove", "kept", "enrolling"],
    // It may be somebody else's phone from now on: what was filed is asked for anew.
    ["remove", "kept", "mine"],
  ];
  await store.change(steps);
}

// The code of an enrolment whose answer never came.
export const unfinished = async () => (await store.get("kept", "enrolling"))?.code ?? null;

function session(told, device) {
  const good = Date.now() + (told.expires_in - 30) * 1000;
  return { key: "session", device, access: told.access_token, refresh: told.refresh_token, good };
}

let behind = 0;
/** How many ms this phone's clock was behind the server's when it last answered; below 0 where it is ahead. */
export const clockBehind = () => behind;

async function sent(path, options) {
  try {
    const answer = await fetch(new URL(path, API), {
      ...options,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(options.timeout ?? TIMEOUT),
    });
    const there = Date.parse(answer.headers.get("Date") ?? "");
    if (Number.isFinite(there)) behind = there - Date.now();
    return answer;
  } catch {
    throw new Unreachable();
  }
}

// What an answer says is wrong; a page of a portal, or of what stands before the server, is no answer and refuses nothing. But for one
// that says the same each time: that this is too large.
export async function refusal(answer) {
  const told = await answer.json().catch(() => null);
  if (!told?.code) return answer.status === 413 ? new Refused(413, { code: "body_too_large" }) : new Unreachable();
  const fault = new Refused(answer.status, told);
  fault.after = answer.headers.get("Retry-After");
  return fault;
}

const hex = (bytes) => Array.from(new Uint8Array(bytes), (each) => each.toString(16).padStart(2, "0")).join("");
const url64 = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

async function signature(body) {
  const nonce = url64(crypto.getRandomValues(new Uint8Array(16)));
  const bytes = new TextEncoder();
  const digest = hex(await crypto.subtle.digest("SHA-256", bytes.encode(body)));
  const signed = bytes.encode(`POST\n/v1/auth/token\n${digest}\n${nonce}`);
  const made = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, (await store.get("kept", "keys")).pair.privateKey, signed);
  return `${nonce}.${url64(made)}`;
}

// A token that is good now. One tab refreshes, the others find what it got; the old token is kept until the new one is on the disk.
async function token(owner, stale = null) {
  return inTurn(async () => {
    const known = await current();
    // What goes in somebody's name goes with no other's token.
    if (known && owner && ownerOf(known) !== owner) throw new Unreachable();
    if (!known || known.ended) throw new SignedOut();
    if (known.access !== stale && known.good > Date.now() && known.good - Date.now() < 3_600_000) return known.access;
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: known.refresh }).toString();
    const headers = { "Content-Type": "application/x-www-form-urlencoded", "Hearsight-Signature": await signature(body) };
    const answer = await sent("auth/token", { method: "POST", body, headers });
    if (answer.status === 401 || answer.status === 403) {
      if ((await refusal(answer)) instanceof Unreachable) throw new Unreachable();
      await store.put("kept", { ...known, ended: true });
      throw new SignedOut();
    }
    if (!answer.ok) throw await refusal(answer);
    const told = await answer.json().catch(() => ({}));
    if (!told.access_token) throw new Unreachable();
    await store.put("kept", session(told, known.device));
    return told.access_token;
  });
}

// Ask the server: the answer whatever its status, except 401 (refreshed once, else `SignedOut`). `path` is relative to /v1/. With an
// `owner` it goes in that name or not at all.
export async function call(path, { owner = null, ...options } = {}) {
  let bearer = await token(owner);
  for (let again = false; ; again = true) {
    const answer = await sent(path, { ...options, headers: { ...options.headers, Authorization: `Bearer ${bearer}` } });
    if (answer.status !== 401) return answer;
    if (again) throw new SignedOut();
    bearer = await token(owner, bearer);
  }
}

// The same for JSON: what the answer holds, or `Refused`.
export async function ask(path, body, method = body === undefined ? "GET" : "POST") {
  const options = {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
  };
  const answer = await call(path, options);
  if (!answer.ok) throw await refusal(answer);
  return answer.status === 204 ? null : answer.json().catch(() => Promise.reject(new Unreachable()));
}

// Leave: the server is told where it can be reached, and the phone forgets its session; drafts and the outbox stay.
export async function leave() {
  const known = await current();
  if (known && !known.ended) await ask(`devices/${known.device.id}`, undefined, "DELETE").catch(() => null);
  await inTurn(async () => {
    if ((await current())?.device.id !== known?.device.id) return;
    await store.change([
      ["remove", "kept", "session"],
      ["remove", "kept", "keys"],
    ]);
  });
}
