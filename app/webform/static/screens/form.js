// Filling in a form: saved at each answer, checked as the server checks, sent with the reports opened from it.

import { bootstrap, go, say } from "../app.js";
import { button, el } from "../dom.js";
import { asMap, begun, lockOf, Saver, unsaved } from "../draft.js";
import { answerTo, bodyOf, called, claimed, faultsOfDraft, lastDay, progress, questionOf, tidy } from "../forms.js";
import { listsOf } from "../lists.js";
import { filesOf, photosOf, settled } from "../photos.js";
import { contents, rendered, summaryOf } from "../render.js";
import * as store from "../store.js";
import * as sync from "../sync.js";
import { day, label, t } from "../words.js";

const PATIENCE = 2000;
/** Faults of what is not answered yet: no reproach before somebody says that the form is ready. */
const NOT_YET = new Set(["required", "too_few_items"]);

/** The page that is filled in in this window. */
let standing = null;

export async function show(root, { draft: id }) {
  const lists = listsOf(bootstrap());
  const release = await alone(id);
  if (!release) return told(root, t("form.elsewhere"));
  const draft = await store.get("draft", id).catch(() => null);
  const form = draft && lists.form(draft.form);
  if (!form) {
    release();
    return told(root, t(draft ? "form.no_form" : "form.gone"));
  }
  const page = new Page(root, lists, form, draft);
  try {
    await page.draw();
  } catch (fault) {
    // Else nobody could open the draft again before the app is loaded anew.
    release();
    throw fault;
  }
  standing = page;
  return () => page.left().finally(release);
}

function told(root, text) {
  root.append(el("h1", {}, t("nav.drafts")), el("p", { class: "notice warn" }, text), button(t("nav.home"), () => go("home"), { class: "main" }));
}

/** A draft is filled in one tab at a time, else the last one to save would undo the other. Gives what ends it, or null. */
function alone(id) {
  return new Promise((resolve) => {
    const held = () => new Promise((release) => resolve(release));
    navigator.locks.request(lockOf(id), { signal: AbortSignal.timeout(PATIENCE) }, held).catch(() => resolve(null));
  });
}

class Page {
  #isJudged = false;

  constructor(root, lists, form, draft) {
    Object.assign(this, { root, lists, form, draft, hearing: lists.hearing(draft.hearing_id), changed: new Set() });
    draft.answers = asMap(draft.answers);
    this.isOlder = draft.form_version !== form.version;
    if (this.isOlder) this.#renew();
    this.saver = new Saver(draft, (state) => this.#saved(state));
  }

  /** A draft begun with an older version goes on with the form as it is now; what is not asked any more is not sent. */
  #renew() {
    this.draft.form_version = this.form.version;
    this.draft.answers = Object.fromEntries(Object.entries(this.draft.answers).filter(([code]) => this.form.questions.has(code)));
  }

  async draw() {
    const { root, form, draft, lists } = this;
    this.family = await this.#family();
    // Whatever is waited for comes before the questions: one that asks for files may answer by itself as soon as it is there.
    this.photos = await photosOf(draft);
    const notes = Object.fromEntries(Object.entries(draft.notes ?? {}).map(([code, note]) => [code, noted(note)]));
    const about = { ...lists.about(draft.case_id, (code) => this.#linkable(code)), draft };
    this.sheet = rendered(form, { answers: draft.answers, about, notes, tell: (code, answer) => this.#answered(code, answer) });
    this.summary = el("div");
    this.own = el("section", { "aria-labelledby": "own" }, el("h2", { id: "own" }, t("form.events")), (this.ownList = el("div", { class: "card events" })));
    this.progress = el("p", {});
    this.trouble = el("p", { class: "wrong", role: "alert" });
    const check = button(t("form.send"), () => this.#check(), { class: "main", id: "check" });
    root.append(
      this.#head(),
      this.summary,
      contents(this.sheet.sections),
      el("form", { class: "sheet", novalidate: true, onsubmit: (event) => event.preventDefault() }, this.sheet.node, this.own, this.photos.node),
      el("div", { class: "standing" }, this.trouble, this.progress, check),
    );
    this.sheet.update(draft.answers);
    this.#events();
    this.#count();
    this.#judge();
  }

  #head() {
    const { form, draft, lists } = this;
    const parent = this.family.parent;
    const lines = [
      el("h1", {}, label(form)),
      el("p", {}, lists.place(draft.case_id, draft.hearing_id, day)),
      el("p", { class: "soft" }, t("form.no_names")),
      draft.supersedes ? el("p", { class: "notice" }, t("form.correction")) : "",
      this.isOlder ? el("p", { class: "notice warn" }, t("form.newer")) : "",
    ];
    if (parent) lines.push(button(t("form.back_to_parent", { form: lists.title(parent.form) }), () => this.#leave("form", { draft: parent.id }), { class: "small" }));
    return el("div", { class: "apart" }, ...lines);
  }

  /** The draft that this one was opened from, and those opened from this one. */
  async #family() {
    const drafts = await store.all("draft");
    const { entries } = await sync.snapshot();
    const { held } = await navigator.locks.query();
    return {
      drafts,
      open: new Set(held.map((each) => each.name)),
      entries,
      parent: drafts.find((each) => each.id === this.draft.parent) ?? null,
      children: drafts.filter((each) => each.parent === this.draft.id),
    };
  }

  /** Reports of a kind, of the same case, that an answer can name: drafts here, and what was filed from here. */
  #linkable(code) {
    const { drafts, entries } = this.family;
    const here = drafts.filter((each) => each.form === code && each.case_id === this.draft.case_id);
    const sent = entries.filter((each) => each.body.form === code && each.body.case_id === this.draft.case_id && each.state !== "refused");
    return [...here.map((each) => this.#linked(each.id, each)), ...sent.map((each) => this.#linked(each.id, each.body))];
  }

  #linked(id, { form, answers, hearing_id: hearingId }) {
    const person = this.lists.participants.find((each) => each.id === answers?.participant_ref)?.code;
    const hearing = this.lists.hearing(hearingId);
    return { code: id, text: [this.lists.title(form), person, hearing?.code].filter(Boolean).join(" · ") };
  }

  #answered(code, answer) {
    if (this.isLeft) return this.#late(code, answer);
    if (answer === null) delete this.draft.answers[code];
    else this.draft.answers[code] = answer;
    if (this.draft.notes) delete this.draft.notes[code];
    this.draft.faults = (this.draft.faults ?? []).filter((fault) => questionOf(fault) !== code);
    this.changed.add(code);
    this.saver.changed();
    this.sheet.update(this.draft.answers);
    this.#events();
    this.#count();
    this.#judge();
  }

  /** What a file tells that was still being sealed when this page was left: nothing is undone that was answered since. */
  async #late(code, answer) {
    const { id } = this.draft;
    if (standing?.draft.id === id) return standing.#answered(code, answer);
    const draft = await store.get("draft", id);
    if (!draft) return null;
    const answers = { ...asMap(draft.answers), [code]: answer };
    if (answer === null) delete answers[code];
    const steps = [
      ["need", "draft", id],
      ["put", "draft", { ...draft, answers }],
    ];
    // The file is kept in any case, and named when the form is opened again.
    return store.change(steps).catch(() => null);
  }

  #saved(state) {
    this.trouble.textContent = state === "saved" ? "" : state;
    if (state === "saved") this.#count(t("form.saved"));
  }

  #count(saved = null) {
    const counted = t("form.progress", progress(this.form, this.draft.answers));
    this.progress.replaceChildren(counted, ...(saved ? [el("br"), el("span", { class: "soft small" }, saved)] : []));
  }

  /** All that stands in the way of sending: our own rules, what the server said of it before, a link to what would not be there. */
  #faults() {
    const own = faultsOfDraft(this.form, this.draft, lastDay(new Date(), this.hearing?.date));
    const before = (this.draft.faults ?? []).filter((fault) => !own.some((each) => each.pointer === fault.pointer));
    return [...own, ...before, ...this.#loose()];
  }

  /** Links to drafts that are neither filed nor sent along with this form. */
  #loose() {
    const answers = tidy(this.form, this.draft.answers);
    const waiting = new Set(this.family.drafts.map((each) => each.id));
    for (const each of this.family.together ?? []) waiting.delete(each.id);
    const links = [...this.form.questions.values()].filter((question) => question.type === "form_ref" && waiting.has(answerTo(question.code, answers)));
    return links.map((question) => ({ pointer: `/answers/${question.code}`, code: "not_sent" }));
  }

  #judge() {
    const found = this.#faults();
    const shown = this.#isJudged ? found : found.filter((fault) => this.#isWrongNow(fault));
    this.sheet.faults(shown, this.draft.answers);
    if (this.#isJudged && !found.length) this.summary.replaceChildren();
    return found;
  }

  #isWrongNow(fault) {
    const isTold = (this.draft.faults ?? []).some((each) => each.pointer === fault.pointer && each.code === fault.code);
    return isTold || (this.changed.has(questionOf(fault)) && !NOT_YET.has(fault.code) && fault.code !== "not_sent");
  }

  /** Under each question that calls for a report: those there are, and a way to begin one. */
  #events() {
    const due = new Map(called(this.form, this.draft.answers).map((each) => [each.question, each.form]));
    for (const question of this.form.questions.values()) {
      if (!question.opens_form) continue;
      const isLink = question.type === "form_ref";
      this.sheet.events(question.code, due.has(question.code) || isLink ? this.#reports(question.opens_form, isLink) : []);
    }
    const own = this.lists.openedFrom(this.form.code);
    this.own.hidden = !own.length;
    this.ownList.replaceChildren(...own.flatMap((each) => this.#reports(each.code, false)));
  }

  #reports(code, isLink) {
    const form = this.lists.form(code);
    if (!form) return [];
    const open = this.family.children.filter((each) => each.form === code);
    const ways = open.map((each) => button(t("form.event_state", { form: label(form), ...progress(form, each.answers) }), () => this.#leave("form", { draft: each.id }), { class: "wide small" }));
    const filed = this.family.entries.filter((each) => each.body.form === code && each.body.hearing_id === this.draft.hearing_id);
    const done = filed.map(() => el("p", { class: "soft small" }, t("form.event_done", { form: label(form) })));
    const add = button(t("form.add_event", { form: label(form) }), () => this.#begin(form), { class: isLink ? "wide small" : "main wide" });
    return [...(isLink ? [] : [...ways, ...done]), add];
  }

  async #begin(form) {
    const draft = await begun(form, { caseId: this.draft.case_id, hearing: this.hearing, parent: this.draft, parentForm: this.form });
    await this.#leave("form", { draft: draft.id });
  }

  async #leave(screen, params) {
    await this.saver.settled();
    go(screen, params);
  }

  /** Say what is missing, or what would be sent. */
  async #check() {
    await Promise.all([this.saver.settled(), settled()]);
    this.#isJudged = true;
    await this.#gather();
    const found = this.#judge();
    if (found.length) return this.#mend(found);
    const panel = this.#offer();
    this.summary.replaceChildren(panel);
    attend(panel.querySelector("h2"));
  }

  /** Look again which reports go with this one. */
  async #gather() {
    this.family = await this.#family();
    this.family.together = this.#ready();
  }

  #mend(found) {
    const { node, title } = summaryOf(this.form, found, (pointer) => this.sheet.focus(pointer));
    this.summary.replaceChildren(node);
    say(title.textContent);
    attend(title);
  }

  /** Reports opened from this form that are ready to go with it; those that others link to go first. */
  #ready() {
    const today = lastDay(new Date(), this.hearing?.date);
    const ready = this.family.children.filter((each) => {
      const form = this.lists.form(each.form);
      // What is being filled in in another window goes when it is ready there.
      return form && !this.family.open.has(lockOf(each.id)) && !faultsOfDraft(form, each, today).length;
    });
    const links = (draft) => [...this.lists.form(draft.form).questions.values()].some((question) => question.type === "form_ref" && answerTo(question.code, draft.answers));
    return [...ready.filter((each) => !links(each)), ...ready.filter(links)].filter((each) => this.#isSound(each, ready));
  }

  /** Whether all that a report links to is filed or goes with it. */
  #isSound(draft, ready) {
    const waiting = new Set(this.family.drafts.map((each) => each.id));
    for (const each of [this.draft, ...ready]) waiting.delete(each.id);
    const form = this.lists.form(draft.form);
    return [...form.questions.values()].every((question) => question.type !== "form_ref" || !waiting.has(answerTo(question.code, draft.answers)));
  }

  #offer() {
    const { lists, family } = this;
    const along = new Set(family.together.map((each) => each.id));
    const lines = family.children.map((each) => el("li", {}, t(along.has(each.id) ? "form.goes_along" : "form.stays", { form: lists.title(each.form) })));
    const parent = family.parent;
    const back = parent
      ? button(t("form.back_to_parent", { form: lists.title(parent.form) }), () => this.#leave("form", { draft: parent.id }), { class: "main" })
      : null;
    return el(
      "div",
      { class: "notice", role: "group", "aria-labelledby": "ready" },
      el("h2", { id: "ready" }, t("form.ready")),
      el("p", {}, t(parent ? "form.ready_with_parent" : "form.ready_text")),
      lines.length ? el("ul", {}, lines) : "",
      el("div", { class: "actions" }, back, button(t("form.send_now"), () => this.#send(), { class: parent ? "" : "main" }), button(t("form.keep_editing"), () => this.#goOn())),
    );
  }

  #goOn() {
    this.summary.replaceChildren();
    document.getElementById("check").focus();
  }

  async #send() {
    await settled();
    const told = this.family.together.map((each) => each.id).join();
    await this.#gather();
    // In another window, or in a try that came to nothing, some may have gone already: what was read before is not filed again.
    if (told !== this.family.together.map((each) => each.id).join() || this.#judge().length) return this.#check();
    await this.saver.ended();
    try {
      const now = claimed(new Date());
      for (const draft of [...this.family.together, this.draft]) await filed(this.lists.form(draft.form), draft, now);
    } catch (fault) {
      this.saver = new Saver(this.draft, (state) => this.#saved(state));
      this.#saved(unsaved(fault));
      return null;
    }
    const parent = this.family.parent;
    return parent ? go("form", { draft: parent.id }) : go("home", { told: "queued" });
  }

  async left() {
    this.isLeft = true;
    if (standing === this) standing = null;
    this.photos.cleanup();
    await this.saver.settled();
  }
}

/** A note to a question in words: `key`, or `{key, values}`. */
function noted(note) {
  return typeof note === "string" ? t(note) : t(note.key, note.values);
}

/** Put a filled draft with its files into the outbox. */
async function filed(form, draft, now) {
  await sync.enqueue(bodyOf(form, draft, now), await filesOf(draft), draft.id);
}

function attend(heading) {
  heading.setAttribute("tabindex", "-1");
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start" });
}
