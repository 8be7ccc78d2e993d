// A form while its answers are being checked: the checks of single values, and of the parts of structured answers.

export const MAX_ITEMS = 500;
export const LARGEST_INTEGER = Number.MAX_SAFE_INTEGER;

const ID = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/;
const FIELD_NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const CONTROL = /[\p{Cs}]|(?![\t\n\r])\p{Cc}/u;
const TOO_MANY_MARKS = /[\p{Mn}\p{Me}]{9}/u;
const INFORMANT = /^[A-Za-z0-9_-]+$/;
export const LONGEST_NOTE = 500;
export const LONGEST_INFORMANT = 40;
const PICK_FIELDS = ["indicator", "value", "participant_refs", "basis", "informant_role", "informant_ref", "document_ref", "aspect", "note"];

/** Terms that say something was read: they need the document. */
export const DOCUMENTED = ["document", "official_recording"];

/** Vocabularies of a pick's own fields. */
export const PICK_TERMS = { value: "observation_value", basis: "observation_basis", informant_role: "participant_role", aspect: "fact_aspect" };

/** Whether a basis says that somebody told it: that somebody's role is needed. */
export function isTold(basis) {
  return typeof basis === "string" && basis.startsWith("told_by_");
}

/** Whether a name may be repeated in a pointer. */
export function isFieldName(name) {
  return FIELD_NAME.test(name);
}

/** The form, what was answered, and the faults found so far. `hearing` is an id in small letters or null. */
export class Sheet {
  #faults = new Map();

  constructor(form, answers, hearing, today) {
    Object.assign(this, { form, answers, hearing, today });
  }

  /** Each fault once, in the order of places. */
  found() {
    return [...this.#faults.keys()].sort().map((key) => this.#faults.get(key));
  }

  faultAt(pointer, code) {
    this.#faults.set(`${pointer}\n${code}`, { pointer, code });
  }

  fault(code, ...place) {
    this.faultAt(`/${["answers", ...place].join("/")}`, code);
  }

  unknown(name, ...place) {
    this.fault("unknown_field", ...place, ...(isFieldName(name) ? [name] : []));
  }

  term(vocabulary, value, ...place) {
    if (typeof value !== "string") this.fault("wrong_type", ...place);
    else if (!this.form.terms.get(vocabulary)?.has(value)) this.fault("not_in_vocabulary", ...place);
  }

  reference(value, ...place) {
    if (typeof value !== "string") this.fault("wrong_type", ...place);
    else if (!ID.test(value)) this.fault("not_found", ...place);
  }

  /** The text in NFC, or null where it is none, or one that cannot be kept. */
  text(value, longest, ...place) {
    if (typeof value !== "string") {
      this.fault("wrong_type", ...place);
      return null;
    }
    const normal = value.normalize("NFC");
    if (CONTROL.test(normal) || TOO_MANY_MARKS.test(normal)) {
      this.fault("invalid_text", ...place);
      return null;
    }
    if (longest !== null && [...normal].length > longest) this.fault("too_long", ...place);
    return normal;
  }

  /** Check each of a list of different things; whether it is a list of at most 500. */
  several(value, check, ...place) {
    if (!Array.isArray(value)) {
      this.fault("wrong_type", ...place);
      return false;
    }
    if (value.length > MAX_ITEMS) {
      this.fault("too_many_items", ...place);
      return false;
    }
    if (new Set(value.map(alike)).size !== value.length) this.fault("duplicate_item", ...place);
    value.forEach((part, n) => check(part, ...place, n));
    return true;
  }

  /** The fields of one part of a structured answer without nulls, or null where it has not what it needs. */
  parts(value, needed, allowed, place) {
    if (value === null || typeof value !== "object" || Array.isArray(value)) {
      this.fault("wrong_type", ...place);
      return null;
    }
    const there = Object.entries(value).filter(([, part]) => part !== null && part !== undefined);
    for (const name of Object.keys(value)) if (!allowed.includes(name)) this.unknown(name, ...place);
    const found = Object.fromEntries(there);
    const lacking = needed.filter((name) => !Object.hasOwn(found, name));
    for (const name of lacking) this.fault("required", ...place, name);
    return lacking.length ? null : found;
  }
}

/** Equal for equal values; ids and terms may be written in capital or small letters. */
function alike(value) {
  return typeof value === "string" ? value.toLowerCase() : sorted(value);
}

function sorted(value) {
  if (Array.isArray(value)) return `[${value.map(sorted).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${sorted(value[name])}`).join(",")}}`;
}

/** One indicator picked from the whole list: never a derived one, and about what the indicator applies to. */
export function checkPick(sheet, part, place) {
  const pick = sheet.parts(part, ["indicator", "value"], PICK_FIELDS, place);
  if (pick === null || !checkIndicator(sheet, pick, place)) return;
  for (const [name, vocabulary] of Object.entries(PICK_TERMS)) {
    if (Object.hasOwn(pick, name)) sheet.term(vocabulary, pick[name], ...place, name);
  }
  checkPeople(sheet, pick, place);
  checkSource(sheet, pick, place);
  if (Object.hasOwn(pick, "note")) sheet.text(pick.note, LONGEST_NOTE, ...place, "note");
}

function checkIndicator(sheet, pick, place) {
  const found = typeof pick.indicator === "string" ? sheet.form.indicators.get(pick.indicator) : undefined;
  if (!found || found.derived) {
    sheet.fault(typeof pick.indicator === "string" ? "not_in_vocabulary" : "wrong_type", ...place, "indicator");
    return false;
  }
  if (found.applies_to === "hearing" && sheet.hearing === null) sheet.fault("not_relevant", ...place, "indicator");
  return true;
}

function checkPeople(sheet, pick, place) {
  const people = Object.hasOwn(pick, "participant_refs") ? pick.participant_refs : [];
  const here = [...place, "participant_refs"];
  if (!sheet.several(people, (one, ...where) => sheet.reference(one, ...where), ...here)) return;
  const isAboutPeople = sheet.form.indicators.get(pick.indicator).applies_to === "participant";
  if (isAboutPeople && !people.length) sheet.fault("required", ...here);
  if (people.length && !isAboutPeople) sheet.fault("not_relevant", ...here);
}

function checkSource(sheet, pick, place) {
  if (Object.hasOwn(pick, "document_ref")) sheet.reference(pick.document_ref, ...place, "document_ref");
  else if (DOCUMENTED.includes(pick.basis)) sheet.fault("required", ...place, "document_ref");
  if (!Object.hasOwn(pick, "informant_role") && isTold(pick.basis)) sheet.fault("required", ...place, "informant_role");
  if (Object.hasOwn(pick, "informant_ref")) {
    const informant = sheet.text(pick.informant_ref, LONGEST_INFORMANT, ...place, "informant_ref");
    if (informant !== null && !INFORMANT.test(informant)) sheet.fault("wrong_format", ...place, "informant_ref");
  }
}

/** In which role somebody was heard to be addressed. */
export function checkRole(sheet, part, place) {
  const role = sheet.parts(part, ["participant_ref", "role"], ["participant_ref", "role"], place);
  if (role === null) return;
  sheet.reference(role.participant_ref, ...place, "participant_ref");
  sheet.term("participant_role", role.role, ...place, "role");
}

/** How many of something were counted: 0 or more. */
export function checkCount(sheet, part, place) {
  const count = sheet.parts(part, ["subject", "value"], ["subject", "value"], place);
  if (count === null) return;
  sheet.term("count_subject", count.subject, ...place, "subject");
  if (!Number.isInteger(count.value)) sheet.fault("wrong_type", ...place, "value");
  else if (count.value < 0 || count.value > LARGEST_INTEGER) sheet.fault("out_of_range", ...place, "value");
}
