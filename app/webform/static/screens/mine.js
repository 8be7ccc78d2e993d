// What the observer filed, as the server last told it: questions to answer, ways to correct and to withdraw.

import { bootstrap, go, refresh, say } from "../app.js";
import { button, el } from "../dom.js";
import { correcting } from "../draft.js";
import { loaded } from "../filed.js";
import { listsOf } from "../lists.js";
import * as session from "../session.js";
import * as store from "../store.js";
import { day, fault, moment, t } from "../words.js";

const BADGES = { submitted: "", accepted: "good", returned: "warn", held: "warn", rejected: "bad", superseded: "", withdrawn: "" };
const FIRST = 20;
/** Statuses in which a newer version may be filed, or the whole taken back. */
const CORRECTED = new Set(["submitted", "returned", "accepted", "rejected"]);
const WITHDRAWN = new Set(["submitted", "returned", "accepted", "rejected", "held"]);

export async function show(root) {
  const lists = listsOf(bootstrap());
  const state = el("div", { role: "status" }, el("p", { class: "soft" }, t("common.loading")));
  const place = el("div");
  root.append(el("h1", {}, t("mine.title")), state, place);
  const kept = await store.get("kept", "mine");
  if (kept) await draw(place, lists, kept.value);
  let isOver = false;
  loaded(kept?.value ?? [])
    .then(async (value) => {
      if (isOver) return;
      state.replaceChildren(el("p", { class: "soft small" }, t("mine.as_of", { when: moment(new Date().toISOString()) })));
      // Where somebody writes already, the list is not pulled away from under their hands.
      if (!kept || (changed(kept.value, value) && !place.contains(document.activeElement))) await draw(place, lists, value);
    })
    .catch((problem) => {
      if (!isOver) state.replaceChildren(el("p", { class: "notice warn" }, problem.unreachable ? t("mine.offline") : inWords(problem)));
    });
  return () => (isOver = true);
}

function changed(before, after) {
  return JSON.stringify(before) !== JSON.stringify(after);
}

function inWords(problem) {
  if (problem.unreachable) return t("fault.network");
  if (problem.signedOut) return t("fault.session_ended");
  if (problem.code === undefined) throw problem;
  return fault(problem.errors?.[0]?.code ?? problem.code);
}

function lacking(code) {
  return Object.assign(new Error(), { code });
}

async function draw(place, lists, value) {
  const drafts = await store.all("draft");
  const asked = value.filter((each) => each.status === "returned");
  const others = value.filter((each) => each.status !== "returned");
  const shown = await Promise.all(asked.map((each) => card(lists, each, drafts)));
  const rest = el("ul", { class: "plain" });
  const more = button(t("mine.more"), () => further(FIRST), { class: "wide" });
  const further = async (count) => {
    const next = others.slice(rest.children.length, rest.children.length + count);
    rest.append(...(await Promise.all(next.map((each) => card(lists, each, drafts)))));
    more.hidden = rest.children.length >= others.length;
  };
  await further(FIRST);
  place.replaceChildren(
    ...(asked.length ? [el("h2", {}, t("mine.returned")), el("ul", { class: "plain" }, shown)] : []),
    ...(others.length ? [el("h2", {}, t("mine.others")), rest, more] : []),
    ...(value.length ? [] : [el("p", { class: "notice" }, t("mine.none"))]),
  );
}

async function card(lists, filed, drafts) {
  const wrong = el("p", { class: "wrong", role: "alert" });
  const act = (work) => async () => {
    wrong.textContent = "";
    try {
      await work();
    } catch (problem) {
      wrong.textContent = inWords(problem);
    }
  };
  return el(
    "li",
    { class: "card" },
    el("h3", {}, lists.title(filed.form_code ?? filed.form)),
    el("p", {}, lists.place(filed.case_id, filed.hearing_id, day)),
    el("p", {}, el("span", { class: `badge ${BADGES[filed.status]}` }, t(`status.${filed.status}`))),
    filed.held_code && filed.status === "held" ? el("p", { class: "soft" }, t(`mine.held.${filed.held_code}`)) : "",
    lists.hearing(filed.hearing_id)?.status === "cancelled" ? el("p", { class: "soft" }, t("mine.cancelled")) : "",
    ...(filed.flags ?? []).map((flag) => el("p", { class: "soft" }, t(`flag.${flag}`))),
    el("p", { class: "soft small" }, t("mine.filed_at", { when: moment(filed.received_at) })),
    ...said(filed),
    filed.status === "returned" ? await answering(filed, act) : "",
    ways(filed, drafts, act, Boolean(lists.hearing(filed.hearing_id)?.locked_at)),
    wrong,
  );
}

/** What was asked and answered about a filing, oldest first. */
function said({ thread = [], status }) {
  const titles = { returned: "mine.question", rejected: "mine.rejected_because", answered: "mine.by_you" };
  const told = thread.filter((each) => each.text && titles[each.kind]);
  if (status !== "returned" && status !== "rejected") return [];
  return told.map((each) => el("div", { class: "notice" }, el("p", { class: "soft small" }, `${t(titles[each.kind])} · ${moment(each.at)}`), el("p", {}, each.text)));
}

async function answering(filed, act) {
  const key = `answer:${filed.id}`;
  const box = el("textarea", { id: `answer-${filed.id}`, rows: 3, maxlength: 2000 });
  box.value = (await store.get("kept", key))?.value ?? "";
  // One after the other: what was typed last is what stays.
  let kept = Promise.resolve();
  box.addEventListener("input", () => (kept = kept.catch(() => null).then(() => store.put("kept", { key, value: box.value }))));
  const send = act(async () => {
    if (!box.value.trim()) throw lacking("answer_empty");
    await session.ask(`observations/${filed.id}/answer`, { text: box.value });
    await kept.catch(() => null);
    await store.remove("kept", key);
    say(t("mine.answered"));
    await refresh();
  });
  return el("div", { class: "inner" }, el("label", { class: "asked", for: box.id }, t("mine.your_answer")), box, button(t("mine.answer"), send, { class: "main wide" }));
}

function ways(filed, drafts, act, isLocked) {
  const standing = drafts.find((each) => each.supersedes === filed.id);
  const correct = act(async () => {
    const draft = standing ?? (await correcting(await session.ask(`observations/${filed.id}`)));
    go("form", { draft: draft.id });
  });
  const place = el("div", { class: "actions" });
  if (CORRECTED.has(filed.status)) place.append(button(t(standing ? "mine.correct_open" : "mine.correct"), correct));
  if (isLocked && filed.status === "accepted") place.append(el("p", { class: "soft" }, t("mine.locked")));
  else if (WITHDRAWN.has(filed.status)) place.append(button(t("mine.withdraw"), () => withdrawing(place, filed, act), { class: "danger" }));
  return place;
}

function withdrawing(place, filed, act) {
  const before = [...place.children];
  const reason = el("textarea", { id: `why-${filed.id}`, rows: 2, maxlength: 2000, "aria-describedby": `why-${filed.id}-help` });
  const send = act(async () => {
    if (!reason.value.trim()) throw lacking("reason_empty");
    await session.ask(`observations/${filed.id}/withdraw`, { reason: reason.value });
    say(t("mine.withdrawn"));
    await refresh();
  });
  const back = () => {
    place.replaceChildren(...before);
    before.at(-1).focus();
  };
  place.replaceChildren(
    el("label", { class: "asked", for: reason.id }, t("mine.withdraw_why")),
    el("p", { class: "help", id: `why-${filed.id}-help` }, t("mine.withdraw_help")),
    reason,
    button(t("mine.withdraw_yes"), send, { class: "danger" }),
    button(t("common.cancel"), back),
  );
  reason.focus();
}
