// What the server last told the phone, looked up: cases, hearings, people by code, documents, forms.

import { formOf } from "./forms.js";
import { label, t } from "./words.js";

/** The lists of a bootstrap; empty where nothing was loaded yet. */
export function listsOf(bootstrap) {
  return new Lists(bootstrap ?? {});
}

class Lists {
  #forms = new Map();

  constructor(told) {
    const { cases = [], hearings = [], participants = [], documents = [], forms = [], vocabularies = {}, indicators = [], rights = [] } = told;
    Object.assign(this, { told, cases, hearings, participants, documents, forms, vocabularies, indicators, rights });
  }

  /** A form in its newest version with its rules, or null. */
  form(code) {
    const shown = this.forms.find((each) => each.code === code);
    if (!shown) return null;
    if (!this.#forms.has(code)) this.#forms.set(code, formOf(shown, this.vocabularies, this.indicators));
    return this.#forms.get(code);
  }

  case(id) {
    return this.cases.find((each) => each.id === id) ?? null;
  }

  hearing(id) {
    return this.hearings.find((each) => each.id === id) ?? null;
  }

  /** What a form is called; its code where it is not known here. */
  title(code) {
    return label(this.forms.find((each) => each.code === code) ?? { code });
  }

  /** Where something was filed, in words: case and hearing with its day. */
  place(caseId, hearingId, dayOf) {
    const [found, hearing] = [this.case(caseId), this.hearing(hearingId)];
    const words = [];
    if (found) words.push(t("home.case", { code: found.code }));
    if (hearing) words.push(`${t("home.hearing", { code: hearing.code })}, ${dayOf(hearing.date)}`);
    return words.join(" · ");
  }

  /** Forms beside the hearing form that can be opened at a hearing by themselves. */
  formsOfHearing() {
    return this.forms.filter((form) => form.code !== "hearing" && ["hearing", null, undefined].includes(form.opened_from));
  }

  /** A programme's own forms that are opened from a form. */
  openedFrom(code) {
    return this.forms.filter((form) => form.opened_from === code);
  }

  /** Forms that need no hearing. */
  formsOfCase() {
    const needsHearing = (form) => form.sections.some((section) => section.questions.some((each) => each.type === "hearing_ref" && each.required));
    return this.forms.filter((form) => form.code !== "hearing" && !form.opened_from && !needsHearing(form));
  }

  /** What the questions of a form about a case can point to. */
  about(caseId, linkable) {
    return {
      vocabularies: this.vocabularies,
      indicators: this.indicators,
      rights: this.rights,
      people: this.#people(caseId),
      documents: this.documents.filter((each) => each.case_id === caseId || each.case_id === null).map((each) => ({ code: each.id, text: `${each.code} · ${each.title}` })),
      linkable,
    };
  }

  #people(caseId) {
    const here = this.participants.filter((each) => each.case_id === caseId);
    const codes = new Map(here.map((each) => [each.id, each.code]));
    const roles = new Map((this.vocabularies.participant_role ?? []).map((term) => [term.code, label(term)]));
    const named = here.map((each) =>
      each.merged_into
        ? { code: each.id, text: t("form.merged", { code: each.code, into: codes.get(each.merged_into) ?? "?" }), gone: true }
        : { code: each.id, text: `${each.code} · ${roles.get(each.role) ?? each.role}` },
    );
    return named.sort((one, other) => one.text.localeCompare(other.text, undefined, { numeric: true }));
  }
}
