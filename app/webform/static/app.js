// The observer's app: starts without a network, asks for the PIN, shows one screen at a time, and keeps what the server last told it.

import { button, el } from "./dom.js";
import { loaded } from "./filed.js";
import * as lock from "./lock.js";
import * as session from "./session.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import { has, language, speak, spokenOf, t } from "./words.js";

const SCREENS = {
  home: () => import("./screens/home.js"),
  form: () => import("./screens/form.js"),
  drafts: () => import("./screens/drafts.js"),
  mine: () => import("./screens/mine.js"),
  status: () => import("./screens/status.js"),
  settings: () => import("./screens/settings.js"),
  enrol: () => import("./screens/enrol.js"),
  locked: () => import("./screens/locked.js"),
};
const BAR = ["home", "drafts", "mine", "status", "settings"];
const FIRST = BAR[0];
const FRESH = 10 * 60_000;
const AGAIN = 30_000;
const SCOPE = new URL("../observe", import.meta.url).pathname;
// Trusted Types: the worker's address is the only text that this app may hand to the browser to be run.
const WORKER = new URL("./sw.js", import.meta.url).href;
const trusted = globalThis.trustedTypes?.createPolicy("worker", { createScriptURL: (address) => (address === WORKER ? address : "") });

let known = null;
let leaveScreen = null;
let turn = 0;
let loading = null;
let isBegun = false;
let shown = null;

const main = document.getElementById("main");
const bar = document.querySelector("nav.screens");

// What the server last told this phone: hearings, participants by code, forms, vocabularies. Null before it told anything.
export const bootstrap = () => known?.value ?? null;

// When that was, as a time in ms; null before.
export const bootstrapAt = () => known?.at ?? null;

// Show a screen; `params` are texts, and stand in the address after `#`, which goes to no server.
export function go(screen, params = {}) {
  const asked = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== null && value !== undefined)).toString();
  const hash = `#/${screen}${asked ? `?${asked}` : ""}`;
  if (location.hash === hash) return route();
  location.hash = hash;
}

// Show the screen again as it now is, in another language or with other lists.
export const refresh = () => route();

// Have a screen reader say something.
export function say(text) {
  document.getElementById("spoken").textContent = text;
}

async function route() {
  const mine = ++turn;
  const [, name = FIRST, asked = ""] = /^#\/(\w+)(?:\?(.*))?$/.exec(location.hash) ?? [];
  const screen = await allowed(Object.hasOwn(SCREENS, name) ? name : FIRST);
  let module;
  try {
    module = await SCREENS[screen]();
  } catch {
    module = {
      show: (root) =>
        root.append(
          el("p", { class: "notice bad" }, t("shell.no_file")),
          button(t("common.retry"), () => location.reload()),
        ),
    };
  }
  if (mine !== turn) return;
  leaveScreen?.();
  leaveScreen = null;
  // Each screen has a place of its own: one that is late draws into what nobody sees any more.
  const place = el("div");
  const top = scrollY;
  main.replaceChildren(place);
  drawBar(screen);
  const cleanup = await module.show(place, Object.fromEntries(new URLSearchParams(asked)));
  if (mine !== turn) return cleanup?.();
  leaveScreen = typeof cleanup === "function" ? cleanup : null;
  document.title = `${main.querySelector("h1")?.textContent ?? t("app.name")} – ${t("app.name")}`;
  // Drawn again for what came meanwhile, a screen stays where somebody reads it.
  scrollTo(0, location.hash === shown ? top : 0);
  shown = location.hash;
  main.focus({ preventScroll: true });
}

async function allowed(screen) {
  if (await lock.isLocked()) return "locked";
  const owner = session.ownerOf(await session.current());
  // Lists of whoever had the phone before are not for its next holder; a release before this one did not note whose they were.
  if (owner && known?.owner && known.owner !== owner) {
    known = null;
    loadQuietly();
  }
  if (!owner && !["status", "settings", "drafts"].includes(screen)) return "enrol";
  return screen === "locked" ? FIRST : screen;
}

function drawBar(screen) {
  bar.hidden = screen === "locked" || (screen === "enrol" && known === null);
  bar.setAttribute("aria-label", t("nav.label"));
  const current = (name) => (name === screen ? "page" : null);
  bar.replaceChildren(...BAR.map((name) => el("a", { href: `#/${name}`, "aria-current": current(name) }, t(`nav.${name}`))));
  const skip = document.querySelector(".skip");
  skip.textContent = t("app.skip");
  skip.onclick = (event) => {
    event.preventDefault();
    main.focus();
  };
}

// Ask the server for what a phone needs; true where something changed. Throws what session.js throws.
export async function load() {
  const owner = session.ownerOf(await session.current());
  // Lists that are on their way for whoever had the phone before are not waited for.
  if (loading?.owner !== owner) loading = { owner, ended: told(owner) };
  const mine = loading;
  return mine.ended.finally(() => loading === mine && (loading = null));
}

async function told(owner) {
  const before = known?.owner === owner ? known : null;
  const headers = before?.etag ? { "If-None-Match": before.etag } : {};
  const answer = await session.call("bootstrap", { headers, owner });
  if (!answer.ok && answer.status !== 304) throw await session.refusal(answer);
  const isNew = answer.status !== 304;
  const value = isNew ? await answer.json().catch(() => null) : before?.value;
  if (!Array.isArray(value?.forms)) throw new session.Unreachable();
  const made = { key: "bootstrap", owner, value, etag: answer.headers.get("ETag") ?? before?.etag ?? null, at: Date.now() };
  if (session.ownerOf(await session.current()) !== owner) throw new session.Unreachable();
  await store.put("kept", made);
  known = made;
  bringFiled().catch(() => null);
  return isNew;
}

// A phone that was enrolled anew does not know what was filed from another: without it, it would say that nothing was.
async function bringFiled() {
  if (await store.get("kept", "mine")) return;
  if ((await loaded([]).catch(() => [])).length) announce();
}

// A clock that was set back since says nothing of how old the lists are.
function isFresh() {
  const age = Date.now() - (known?.at ?? 0);
  return age >= 0 && age < FRESH;
}

// The same without a word where there is no network: the app goes on with what it has.
async function loadQuietly() {
  if (store.isSealed() || !(await session.current()) || isFresh()) return;
  if (await load().catch(() => false)) announce();
}

function announce() {
  dispatchEvent(new Event("hearsight:bootstrap"));
}

// Everything that needs the key of the store; called again when the lock was opened.
export async function begin() {
  if (isBegun) return;
  isBegun = true;
  known = (await store.get("kept", "bootstrap")) ?? null;
  lock.watch();
  sync.start();
  await store.persist().catch(() => false);
  loadQuietly();
  addEventListener("online", loadQuietly);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && loadQuietly());
}

// Whether the app would start without any network: the worker holds all of its files.
export async function isWhole() {
  return Boolean((await navigator.serviceWorker?.getRegistration(SCOPE))?.active);
}

async function register() {
  if (!navigator.serviceWorker) return;
  const found = await navigator.serviceWorker.register(trusted ? trusted.createScriptURL(WORKER) : WORKER, { scope: SCOPE });
  const offer = () => found.waiting && navigator.serviceWorker.controller && offerNew(found);
  const watch = (worker) => worker?.addEventListener("statechange", () => settled(found, worker, offer));
  watch(found.installing);
  found.addEventListener("updatefound", () => watch(found.installing));
  offer();
}

// On a bad line one lost file is enough, and the worker gives up: it is asked again until it has them all.
function settled(found, worker, offer) {
  if (worker.state === "redundant" && !found.active) setTimeout(() => register().catch(() => null), AGAIN);
  else if (worker.state === "activated") announce();
  offer();
}

// A new release waits: it takes over when the observer says so, never in the middle of a form.
function offerNew(found) {
  if (document.getElementById("newer")) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => store.settled().then(() => location.reload()), { once: true });
  // Meanwhile a still newer one may have taken the place of the one that was offered.
  const now = button(t("shell.newer_now"), () => found.waiting?.postMessage("take over"));
  main.before(el("div", { id: "newer", class: "notice", role: "status" }, el("p", {}, t("shell.newer")), now));
}

// What nobody caught is told: an app that fails in silence loses what somebody typed.
function tellFault(fault) {
  if (fault?.unreachable || fault?.signedOut || !has("shell.fault")) return;
  const text = fault instanceof store.StorageFull ? t("storage.full") : t("shell.fault");
  document.getElementById("fault")?.remove();
  const close = (event) => event.currentTarget.parentElement.remove();
  main.before(
    el(
      "div",
      { id: "fault", class: "notice bad", role: "alert" },
      el("p", {}, text),
      el("button", { type: "button", onclick: close }, t("common.close")),
    ),
  );
}

async function start() {
  addEventListener("unhandledrejection", (event) => tellFault(event.reason));
  addEventListener("error", (event) => tellFault(event.error));
  const code = session.taken();
  addEventListener("hashchange", moved);
  const kept = await store.get("kept", "language");
  await speak(kept?.value ?? spokenOf(navigator.languages));
  if (!(await lock.isLocked())) await begin();
  if (code) await bring(code);
  await route();
  await register().catch(() => null);
}

// A QR scanned while the app is open arrives as a change of the address.
async function moved() {
  const code = session.taken();
  if (code) await bring(code);
  await route();
}

async function bring(code) {
  history.replaceState(null, "", `${location.pathname}#/enrol`);
  (await SCREENS.enrol()).bring(code);
}

// Speak another language from now on.
export async function speakFrom(chosen) {
  await speak(chosen);
  await store.put("kept", { key: "language", value: language() });
  await route();
}

start().catch((fault) => {
  // A private window without storage, an old browser, words that did not come: the page itself says what to do.
  const late = document.getElementById("late");
  if (!late) throw fault;
  late.className = "notice bad";
});
