// The hearings assigned to the observer: what was filed for each, what waits, and what is not there yet.

import { bootstrap, bootstrapAt, go, isWhole, refresh } from "../app.js";
import { button, el } from "../dom.js";
import { begun } from "../draft.js";
import { localDay, progress } from "../forms.js";
import { listsOf } from "../lists.js";
import { clockBehind } from "../session.js";
import * as store from "../store.js";
import * as sync from "../sync.js";
import { day, label, moment, t } from "../words.js";

const BADGES = { waiting: "warn", sending: "warn", stored: "good", held: "warn", refused: "bad", needs_sign_in: "bad", conflict: "bad" };
const GONE = new Set(["withdrawn", "superseded"]);

export async function show(root, { told = null }) {
  const lists = listsOf(bootstrap());
  const drafts = await store.all("draft");
  const entries = await filedOnes();
  const at = bootstrapAt();
  const isReady = await isWhole();
  root.append(
    el("h1", {}, t("home.title")),
    isReady ? "" : el("p", { class: "notice warn" }, t("home.not_whole")),
    told === "queued" ? el("p", { class: "notice", role: "status" }, t("form.queued")) : "",
    ...groups(lists).flatMap(([name, hearings]) => grouped(lists, name, hearings, drafts, entries)),
    lists.hearings.length ? "" : el("p", { class: "notice" }, t("home.none")),
    ...ofCases(lists, drafts, entries),
    at ? el("p", { class: "soft small" }, t("home.loaded", { when: moment(new Date(at).toISOString()) })) : "",
  );
  // What changes while one looks at it is drawn again, but not under somebody's finger at the start.
  let before = null;
  const end = sync.subscribe((now) => {
    const state = stateOf(now.entries);
    if (before !== null && state !== before) refresh();
    before = state;
  });
  addEventListener("hearsight:bootstrap", refresh);
  return () => {
    end();
    removeEventListener("hearsight:bootstrap", refresh);
  };
}

/** What was filed: from this phone, and what the server told of before that is not in the outbox any more. */
async function filedOnes() {
  const { entries } = await sync.snapshot();
  const here = new Set(entries.map((entry) => entry.id));
  const told = ((await store.get("kept", "mine"))?.value ?? []).filter((each) => !here.has(each.id) && !GONE.has(each.status));
  return [...entries, ...told.map((each) => ({ id: each.id, state: each.status === "held" ? "held" : "stored", body: each }))];
}

function stateOf(entries) {
  return entries.map((entry) => `${entry.id} ${entry.state} ${Boolean(entry.wiped)}`).join();
}

/** Today's hearings first, then those that are past, the newest of them first, then those to come. */
function groups({ hearings }) {
  // By the server's clock, where it told what that says: phones are off by years.
  const today = localDay(new Date(Date.now() + clockBehind()));
  const byDay = [...hearings].sort((one, other) => one.date.localeCompare(other.date) || one.code.localeCompare(other.code, undefined, { numeric: true }));
  return [
    ["today", byDay.filter((each) => each.date === today)],
    ["past", byDay.filter((each) => each.date < today).reverse()],
    ["coming", byDay.filter((each) => each.date > today)],
  ].filter(([, found]) => found.length);
}

function grouped(lists, name, hearings, drafts, entries) {
  return [el("h2", {}, t(`home.${name}`)), el("ul", { class: "plain" }, hearings.map((hearing) => card(lists, hearing, drafts, entries)))];
}

function card(lists, hearing, drafts, entries) {
  const own = drafts.filter((draft) => draft.hearing_id === hearing.id);
  const filed = entries.filter((entry) => entry.body.hearing_id === hearing.id);
  const found = lists.case(hearing.case_id);
  const status = hearing.status === "held" ? null : el("span", { class: hearing.status === "scheduled" ? "badge" : "badge warn" }, t(`home.hearing_status.${hearing.status}`));
  return el(
    "li",
    { class: "card" },
    el("h3", {}, `${day(hearing.date)} · ${t("home.hearing", { code: hearing.code })}`),
    el("p", {}, found ? `${t("home.case", { code: found.code })} · ${found.title}` : "", " ", kindOf(lists, hearing)),
    status ? el("p", {}, status) : "",
    hearing.locked_at ? el("p", { class: "notice" }, t("home.locked")) : "",
    standing(lists, own, filed),
    hearingForm(lists, hearing, own, filed),
    others(lists, hearing),
  );
}

function kindOf(lists, hearing) {
  const term = (lists.vocabularies.hearing_type ?? []).find((each) => each.code === hearing.hearing_type);
  return term ? el("span", { class: "soft" }, `· ${label(term)}`) : "";
}

/** What there is for a hearing already: drafts, what waits here, what the server has. */
function standing(lists, drafts, filed) {
  if (!drafts.length && !filed.length) return el("p", { class: "soft" }, t("home.nothing"));
  const begunOnes = drafts.map((draft) => el("li", {}, progressOf(lists, draft)));
  const sent = filed.map((entry) => {
    const title = lists.title(entry.body.form_code ?? entry.body.form);
    return el("li", {}, `${title}: `, el("span", { class: `badge ${BADGES[entry.state]}` }, t(`state.${entry.state}`)));
  });
  return el("ul", { class: "plain states" }, ...begunOnes, ...sent);
}

function progressOf(lists, draft) {
  const form = lists.form(draft.form);
  const { given, needed } = form ? progress(form, draft.answers) : { given: 0, needed: 0 };
  return t("home.draft", { form: lists.title(draft.form), given, needed });
}

function hearingForm(lists, hearing, drafts, filed) {
  const form = lists.form("hearing");
  if (!form) return "";
  const standingDraft = drafts.find((draft) => draft.form === "hearing" && !draft.supersedes);
  if (standingDraft) return button(t("home.continue"), () => go("form", { draft: standingDraft.id }), { class: "main wide" });
  const isFiled = filed.some((entry) => entry.body.form === "hearing");
  return button(t(isFiled ? "home.again" : "home.fill"), () => open(form, hearing.case_id, hearing), { class: isFiled ? "wide" : "main wide" });
}

function others(lists, hearing) {
  return choice(t("home.other"), lists.formsOfHearing(), (form) => open(lists.form(form.code), hearing.case_id, hearing));
}

function choice(title, forms, act) {
  const acts = forms.map((form) => el("li", {}, button(label(form), () => act(form), { class: "wide small" })));
  return el("details", {}, el("summary", {}, title), el("ul", { class: "plain stacked" }, acts));
}

function ofCases(lists, drafts, entries) {
  if (!lists.cases.length || !lists.formsOfCase().length) return [];
  const cards = lists.cases.map((found) => {
    const own = drafts.filter((draft) => draft.case_id === found.id && !draft.hearing_id);
    const filed = entries.filter((entry) => entry.body.case_id === found.id && !entry.body.hearing_id);
    const states = own.length || filed.length ? standing(lists, own, filed) : "";
    const forms = choice(t("home.case_forms"), lists.formsOfCase(), (form) => open(lists.form(form.code), found.id, null));
    return el("li", { class: "card" }, el("h3", {}, `${t("home.case", { code: found.code })} · ${found.title}`), states, forms);
  });
  return [el("h2", {}, t("home.of_case")), el("ul", { class: "plain" }, cards)];
}

async function open(form, caseId, hearing) {
  const draft = await begun(form, { caseId, hearing });
  go("form", { draft: draft.id });
}
