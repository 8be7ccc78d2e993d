// Drafts: made, saved at each answer, and never lost in silence.

import { takenOver } from "./forms.js";
import * as store from "./store.js";
import { t } from "./words.js";

/** What a hearing's record in the schedule says about questions of the hearing form. */
const FROM_SCHEDULE = { hearing_type: "hearing_type", hearing_mode: "mode", court_language: "language" };

/** Begin a form: the draft lies on the phone when this is done. `parent` is a draft that it is opened from, `parentForm` that one's form. */
export async function begun(form, { caseId, hearing = null, parent = null, parentForm = null }) {
  const [answers, notes] = parent && parentForm ? prefilled(takenOver(form, parentForm, parent.answers), "form.from_parent") : scheduled(form, hearing);
  const around = { case_id: caseId, hearing_id: hearing?.id ?? null, parent: parent?.id ?? null };
  const draft = { id: crypto.randomUUID(), form: form.code, form_version: form.version, ...around, answers, notes, changed_at: Date.now() };
  await store.put("draft", draft);
  return draft;
}

function prefilled(answers, note) {
  return [answers, Object.fromEntries(Object.keys(answers).map((code) => [code, note]))];
}

function scheduled(form, hearing) {
  const known = Object.entries(FROM_SCHEDULE).filter(([code, name]) => form.code === "hearing" && hearing?.[name] && form.questions.has(code));
  return prefilled(Object.fromEntries(known.map(([code, name]) => [code, hearing[name]])), "form.from_schedule");
}

/** A draft that corrects something filed: a new version, which says what it stands on. */
export async function correcting(observation) {
  const standing = (await store.all("draft")).find((each) => each.supersedes === observation.id);
  if (standing) return standing;
  const { form, form_code: own, form_version, case_id, hearing_id, answers } = observation;
  const around = { case_id, hearing_id, supersedes: observation.id };
  const draft = { id: crypto.randomUUID(), form: own ?? form, form_version, ...around, answers: asMap(answers), changed_at: Date.now() };
  await store.put("draft", draft);
  return draft;
}

/** Answers by question: those of a programme's own form are sent as a list. */
export function asMap(answers) {
  return Array.isArray(answers) ? Object.fromEntries(answers.map(({ question, value }) => [question, value])) : { ...answers };
}

/**
 * A correction put onto another version than it was made from: what it changed, and everything else as that version has it.
 *
 * `apart` names the answers that both changed, to different things: what the other version says there.
 */
export function rebased(base, theirs, mine) {
  const answers = { ...theirs };
  const apart = {};
  const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
  for (const code of new Set([...Object.keys(base), ...Object.keys(mine)])) {
    if (same(mine[code], base[code])) continue;
    if (!same(theirs[code], base[code]) && !same(theirs[code], mine[code])) apart[code] = theirs[code] ?? null;
    if (mine[code] === undefined) delete answers[code];
    else answers[code] = mine[code];
  }
  return { answers, apart };
}

/** The name of the lock that a window holds which fills in a draft. */
export const lockOf = (id) => `hearsight-draft-${id}`;

/** Forget a draft with its files; false where another window fills it in. */
export async function dropped(draft) {
  return navigator.locks.request(lockOf(draft.id), { ifAvailable: true }, async (isFree) => {
    if (!isFree) return false;
    const files = (await store.all("file")).filter((file) => file.observation_id === draft.id);
    await store.change([["remove", "draft", draft.id], ...files.map((file) => ["remove", "file", file.id])]);
    return true;
  });
}

/** Why something is not kept, in words. */
export function unsaved(fault) {
  if (fault instanceof store.Gone) return t("form.gone");
  return fault instanceof store.StorageFull ? t("storage.full") : t("storage.failed");
}

/** Saves a draft whenever it changed, one writing after the other; `tell("saved" | text of what is wrong)`. */
export class Saver {
  #writing = null;
  #isDirty = false;
  #isOver = false;

  constructor(draft, tell) {
    Object.assign(this, { draft, tell });
  }

  changed() {
    if (this.#isOver) return;
    this.draft.changed_at = Date.now();
    this.#isDirty = true;
    this.#begin();
  }

  #begin() {
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
  }

  async #write() {
    while (this.#isDirty && !this.#isOver) {
      this.#isDirty = false;
      try {
        const { id } = this.draft;
        await store.change([
          ["need", "draft", id],
          ["put", "draft", this.draft],
        ]);
        this.tell("saved");
      } catch (fault) {
        // What is on the page stays there; the next answer tries again, and whoever leaves the page.
        this.#isDirty = true;
        this.tell(unsaved(fault));
        return;
      }
    }
  }

  /** Wait until everything lies on the phone. */
  async settled() {
    await this.#writing;
    if (this.#isDirty && !this.#isOver) this.#begin();
    await this.#writing;
  }

  /** Write no more: the draft was filed, and must not come back. */
  async ended() {
    this.#isOver = true;
    await this.#writing;
  }
}
