// The coordinator's page: sign in, choose an observer, show the code and its QR, see the phones there are, put one out.
// Tokens live in this page only: nothing of them is written anywhere, and a page that is left has forgotten them.

import { button, el, field } from "../observe/dom.js";
import { day, LANGUAGES, language, moment, spokenOf, t, use } from "../observe/words.js";

const API = new URL("../v1/", import.meta.url);
const main = document.getElementById("main");
const LIFETIMES = [60, 1440, 10080];
let words = {};
let tokens = null;
let programme = null;
let message = "";

class Refused extends Error {
  constructor(status, code) {
    super(code);
    Object.assign(this, { status, code });
  }
}

async function fetched(path, options = {}) {
  let answer;
  try {
    answer = await fetch(new URL(path, API), { cache: "no-store", credentials: "omit", redirect: "error", ...options });
  } catch {
    throw new Refused(0, "unreachable");
  }
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  throw new Refused(answer.status, (await answer.json().catch(() => null))?.code ?? "other");
}

const form = (fields) => ({ method: "POST", body: new URLSearchParams(fields) });

async function ask(path, method = "GET", body = undefined) {
  const sent = () => {
    const headers = { Authorization: `Bearer ${tokens.access_token}`, "Accept-Language": language() };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    return fetched(path, { method, headers, body: body && JSON.stringify(body) });
  };
  try {
    return await sent();
  } catch (fault) {
    if (fault.status !== 401) throw fault;
  }
  tokens = await fetched("auth/token", form({ grant_type: "refresh_token", refresh_token: tokens.refresh_token }));
  return sent();
}

async function every(path) {
  const found = [];
  for (let cursor = ""; cursor !== null;) {
    const page = await ask(`${path}${path.includes("?") ? "&" : "?"}limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    found.push(...page.items);
    cursor = page.next_cursor;
  }
  return found;
}

function languages() {
  const chosen = (each) => ({ class: "small", lang: each, "aria-pressed": String(each === language()) });
  const speak = (each) => {
    use(each, words[each]);
    draw();
  };
  return el(
    "div",
    { class: "actions", role: "group" },
    LANGUAGES.map((each) => button(t(each), () => speak(each), chosen(each))),
  );
}

async function draw() {
  document.title = t("title");
  main.replaceChildren(languages(), el("h1", {}, t("title")));
  if (message) main.append(el("p", { class: "notice bad", role: "alert" }, message));
  message = "";
  try {
    if (tokens === null) main.append(signIn());
    else if (programme === null) main.append(await choice());
    else main.append(await enrolment(), await phones());
  } catch (fault) {
    failed(fault);
  }
}

const KNOWN = new Set(["invalid_credentials", "too_many_requests", "unreachable", "session_ended", "invalid_token", "forbidden"]);

function failed(fault) {
  if (!(fault instanceof Refused)) throw fault;
  const wasIn = tokens !== null;
  if (fault.status === 401) tokens = programme = null;
  message = KNOWN.has(fault.code) ? t(fault.code) : t("other", { code: fault.code });
  if (wasIn && tokens === null) return draw();
  main.querySelector(".notice")?.remove();
  main.querySelector("h1").after(el("p", { class: "notice bad", role: "alert" }, message));
  message = "";
}

function submitted(made, act) {
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    const send = made.querySelector("[type=submit]");
    send.disabled = true;
    await act().catch(failed);
    send.disabled = false;
  });
  return made;
}

function signIn() {
  const made = el(
    "form",
    { novalidate: true },
    field(t("username"), { id: "username", autocomplete: "username", autocapitalize: "none", spellcheck: "false" }),
    field(t("password"), { id: "password", type: "password", autocomplete: "current-password" }),
    el("button", { type: "submit", class: "main wide" }, t("sign_in")),
  );
  return submitted(made, async () => {
    const [username, password] = ["#username", "#password"].map((name) => made.querySelector(name).value);
    tokens = await fetched("auth/token", form({ grant_type: "password", username, password }));
    await draw();
  });
}

async function choice() {
  const led = (await ask("me")).memberships.filter((each) => each.role === "coordinator");
  if (led.length === 1) {
    programme = led[0].programme_id;
    return el("div", {}, await enrolment(), await phones());
  }
  const chosen = (id) => {
    programme = id;
    return draw();
  };
  const offered = led.map((each) => button(each.programme.name, () => chosen(each.programme_id), { class: "wide" }));
  return el("div", { class: "card" }, el("p", {}, led.length ? t("which") : t("none_led")), offered);
}

async function enrolment() {
  const members = (await every(`programmes/${programme}/members`)).filter((each) => each.role === "observer" && each.status !== "removed");
  const person = el(
    "select",
    { id: "member" },
    members.map((each) => el("option", { value: each.id }, each.code)),
  );
  const lifetime = el(
    "select",
    { id: "lifetime" },
    LIFETIMES.map((each) => el("option", { value: each, selected: each === 1440 }, t(`minutes.${each}`))),
  );
  const place = el("div", { "aria-live": "polite" });
  const made = el(
    "form",
    { class: "card" },
    el("h2", {}, t("new")),
    members.length ? "" : el("p", {}, t("no_members")),
    el("label", { class: "asked", for: "member" }, t("member")),
    person,
    el("label", { class: "asked", for: "lifetime" }, t("lifetime")),
    lifetime,
    el("div", { class: "actions" }, el("button", { type: "submit", class: "main", disabled: !members.length }, t("make"))),
    place,
  );
  return submitted(made, async () => {
    const body = { member_id: person.value, expires_in_minutes: Number(lifetime.value) };
    place.replaceChildren(shown(await ask(`programmes/${programme}/enrolments`, "POST", body), person.selectedOptions[0].textContent));
  });
}

function shown(code, member) {
  const picture = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(code.qr_svg)}`;
  return el(
    "div",
    {},
    el("p", {}, t("scan", { member })),
    el("img", { class: "qr", src: picture, alt: t("qr_alt") }),
    el("p", {}, t("or_type", { address: code.payload.split("#")[0] })),
    el("p", { class: "code" }, code.code),
    el("p", {}, t("until", { when: moment(code.expires_at) })),
    button(t("hide"), () => draw(), { class: "wide" }),
  );
}

async function phones() {
  const found = await every(`devices?programme_id=${programme}`);
  const rows = found.map((each) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, each.member),
      el("td", {}, each.label),
      el("td", {}, each.last_seen_on ? day(each.last_seen_on) : t("never")),
      el("td", {}, replayed(each), each.revoked_at ? t("revoked", { when: day(each.revoked_at) }) : revoking(each)),
    ),
  );
  const head = ["member", "phone", "seen", "state"].map((each) => el("th", { scope: "col" }, t(each)));
  const table = el("table", {}, el("thead", {}, el("tr", {}, head)), el("tbody", {}, rows));
  const region = el("div", { class: "scroll", role: "region", tabindex: "0", "aria-labelledby": "phones" }, table);
  return el("section", { class: "card" }, el("h2", { id: "phones" }, t("phones")), found.length ? region : el("p", {}, t("no_phones")));
}

function replayed(phone) {
  return phone.replayed_on && el("p", { class: "notice bad" }, t("replayed", { when: day(phone.replayed_on) }));
}

function revoking(phone) {
  const place = el("div");
  const revoke = () => ask(`devices/${phone.id}`, "DELETE").then(draw).catch(failed);
  const sure = () =>
    place.replaceChildren(el("p", { role: "alert" }, t("revoke_sure")), button(t("revoke_yes"), revoke, { class: "danger" }));
  place.append(
    button(t("revoke"), sure, { class: "danger", "aria-label": t("revoke_whose", { member: phone.member, label: phone.label }) }),
  );
  return place;
}

words = await (await fetch(new URL("./words.json", import.meta.url))).json();
const first = spokenOf(navigator.languages);
use(first, words[first]);
await draw();
