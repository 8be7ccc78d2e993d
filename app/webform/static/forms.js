// The rules of a filled form, as the server has them: what is asked, what is required, what is wrong, what is sent. Pure: no page, no clock.

import { checkCount, checkPick, checkRole, isFieldName, LARGEST_INTEGER, MAX_ITEMS, Sheet } from "./sheet.js";

const INVISIBLE = /^[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}]*$/u;
const TIME = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/;
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const LISTS = new Set(["select_multiple", "participant_refs", "attachment_refs", "indicator_picks", "participant_roles", "counts"]);
const PARTS = new Set(["indicator_picks", "participant_roles", "counts"]);

/**
 * A form as the rules need it.
 *
 * `shown` is what `GET /v1/forms/{code}/versions/{version}` answers; `vocabularies` is {name: [{code, …}]} and `indicators` a list of
 * {code, applies_to, derived?}, both as the bootstrap has them.
 */
export function formOf(shown, vocabularies, indicators) {
  const questions = new Map();
  for (const section of shown.sections) for (const question of section.questions) questions.set(question.code, question);
  const terms = new Map(Object.entries(vocabularies).map(([name, found]) => [name, new Set(found.map((term) => term.code))]));
  const known = new Map(indicators.map((indicator) => [indicator.code, indicator]));
  return { ...shown, questions, terms, indicators: known };
}

/** Whether a condition holds. No condition always does; an answer that is not there satisfies nothing, `ne` and `not_in` included. */
export function holds(condition, answers) {
  if (condition === null || condition === undefined) return true;
  if (condition.all) return condition.all.every((part) => holds(part, answers));
  if (condition.any) return condition.any.some((part) => holds(part, answers));
  const answer = answerTo(condition.q, answers);
  return answer !== null && COMPARE[condition.op](answer, condition.value);
}

const COMPARE = {
  eq: (answer, value) => answer === value,
  ne: (answer, value) => answer !== value,
  in: (answer, values) => values.includes(answer),
  not_in: (answer, values) => !values.includes(answer),
  contains: (answer, value) => Array.isArray(answer) && answer.includes(value),
  answered: () => true,
};

/** What was answered to a question, null for nothing. */
export function answerTo(code, answers) {
  return Object.hasOwn(answers, code) && answers[code] !== undefined ? answers[code] : null;
}

/** Whether a question is to be asked, as the answers stand. */
export function isRelevant(question, answers) {
  return holds(question.relevant, answers);
}

/** What is wrong with answers, as [{pointer, code}] in the order of their places. `hearing` is an id or null, `today` the last day that is no future. */
export function faultsOf(form, answers, { hearing = null, today }) {
  const codes = Object.keys(answers);
  if (codes.length > MAX_ITEMS) return [{ pointer: "/answers", code: "too_many_items" }];
  const sheet = new Sheet(form, answers, hearing === null ? null : hearing.toLowerCase(), today);
  for (const code of codes) if (!form.questions.has(code)) sheet.unknown(code);
  for (const question of form.questions.values()) checkQuestion(sheet, question);
  return sheet.found();
}

function checkQuestion(sheet, question) {
  const answer = answerTo(question.code, sheet.answers);
  if (question.type === "hearing_ref") checkHearing(sheet, question, answer);
  else if (answer === null) {
    if (question.required && isRelevant(question, sheet.answers)) sheet.fault("required", question.code);
  } else if (!isRelevant(question, sheet.answers)) sheet.fault("not_relevant", question.code);
  else (CHECKS[question.type] ?? nothing)(sheet, question, answer, question.constraint ?? {});
}

/** A type that this version of the app does not know is left to the server. */
function nothing() {}

function checkHearing(sheet, question, answer) {
  if (question.required && sheet.hearing === null) sheet.faultAt("/hearing_id", "required");
  if (answer === null) return;
  if (typeof answer !== "string") sheet.fault("wrong_type", question.code);
  else if (answer.toLowerCase() !== sheet.hearing) sheet.fault("differs_from_hearing", question.code);
}

function checkInteger(sheet, question, answer, limits) {
  const least = limits.min ?? -LARGEST_INTEGER;
  const most = limits.max ?? LARGEST_INTEGER;
  if (!Number.isInteger(answer)) sheet.fault("wrong_type", question.code);
  else if (answer < least || answer > most || answer > other(sheet, limits.not_more_than, answer, Number.isInteger)) {
    sheet.fault("out_of_range", question.code);
  }
}

function checkText(sheet, question, answer, limits) {
  const text = sheet.text(answer, limits.max_length ?? null, question.code);
  if (text === null) return;
  if (question.required && isBlank(text)) sheet.fault("required", question.code);
  const shape = shapeOf(limits.pattern);
  if (shape && !shape.test(text)) sheet.fault("wrong_format", question.code);
}

/** The expression of a pattern, or null for none and for one that only the server can read. */
function shapeOf(pattern) {
  if (!pattern) return null;
  try {
    return new RegExp(ofAllAlphabets(pattern), "u");
  } catch {
    return null;
  }
}

/** The server's `\w` and `\d` know every alphabet, a browser's only the Latin one. */
function ofAllAlphabets(pattern) {
  return pattern.replace(/\\(.)|\[|\]/gu, replaced());
}

function replaced() {
  let isWithin = false;
  return (found, letter) => {
    if (!letter) isWithin = found === "[";
    if (letter === "d") return "\\p{Nd}";
    if (letter === "w") return isWithin ? "\\p{L}\\p{N}_" : "[\\p{L}\\p{N}_]";
    return found;
  };
}

function checkTime(sheet, question, answer, limits) {
  if (typeof answer !== "string") sheet.fault("wrong_type", question.code);
  else if (!isTime(answer)) sheet.fault("invalid_time", question.code);
  else if (answer < other(sheet, limits.not_before, answer, isTime)) sheet.fault("out_of_range", question.code);
}

function checkDay(sheet, question, answer, limits) {
  if (typeof answer !== "string") sheet.fault("wrong_type", question.code);
  else if (!isDay(answer)) sheet.fault("invalid_date", question.code);
  else if (answer < other(sheet, limits.not_before, answer, isDay) || (limits.not_future && answer > sheet.today)) {
    sheet.fault("out_of_range", question.code);
  }
}

/** The answer to compare with: the other question's where it has a good one, else the answer itself. */
function other(sheet, code, answer, isGood) {
  const found = code ? answerTo(code, sheet.answers) : null;
  return isGood(found) ? found : answer;
}

function isTime(text) {
  return typeof text === "string" && TIME.test(text);
}

/** Whether something is a day of the calendar, as `2012-06-04`. */
export function isDay(text) {
  const match = typeof text === "string" ? DAY.exec(text) : null;
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number);
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

function daysIn(year, month) {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
}

/** Whether a text shows nothing to a reader. */
export function isBlank(text) {
  return INVISIBLE.test(text);
}

function listOf(one) {
  return (sheet, question, answer, limits) => {
    const isList = sheet.several(answer, (part, ...place) => one(sheet, question, part, place), question.code);
    if (isList && answer.length < (limits.min_items ?? 0)) sheet.fault("too_few_items", question.code);
  };
}

const CHECKS = {
  select_one: (sheet, question, answer) => sheet.term(question.choices, answer, question.code),
  select_multiple: listOf((sheet, question, part, place) => sheet.term(question.choices, part, ...place)),
  boolean: (sheet, question, answer) => typeof answer === "boolean" || sheet.fault("wrong_type", question.code),
  integer: checkInteger,
  text: checkText,
  date: checkDay,
  time: checkTime,
  participant_ref: (sheet, question, answer) => sheet.reference(answer, question.code),
  participant_refs: listOf((sheet, _, part, place) => sheet.reference(part, ...place)),
  document_ref: (sheet, question, answer) => sheet.reference(answer, question.code),
  form_ref: (sheet, question, answer) => sheet.reference(answer, question.code),
  attachment_refs: listOf((sheet, _, part, place) => sheet.reference(part, ...place)),
  indicator_picks: listOf((sheet, _, part, place) => checkPick(sheet, part, place)),
  participant_roles: listOf((sheet, _, part, place) => checkRole(sheet, part, place)),
  counts: listOf((sheet, _, part, place) => checkCount(sheet, part, place)),
};

/**
 * The answers as they are sent: nothing empty, and nothing that is not asked any more.
 *
 * A draft keeps what was answered before a condition changed, so that changing it back loses nothing; what is sent must not hold it.
 */
export function tidy(form, answers) {
  let kept = {};
  for (const [code, question] of form.questions) {
    const answer = tidied(question, answerTo(code, answers));
    if (answer !== null && question.type !== "hearing_ref") kept[code] = answer;
  }
  for (;;) {
    const still = Object.entries(kept).filter(([code]) => isRelevant(form.questions.get(code), kept));
    if (still.length === Object.keys(kept).length) return kept;
    kept = Object.fromEntries(still);
  }
}

function tidied(question, answer) {
  if (typeof answer === "string") return isBlank(answer) ? null : answer;
  if (!LISTS.has(question.type) || !Array.isArray(answer)) return answer;
  const parts = PARTS.has(question.type) ? answer.map(tidyPart).filter((part) => part !== null) : answer;
  return parts.length ? parts : null;
}

function tidyPart(part) {
  if (part === null || typeof part !== "object" || Array.isArray(part)) return part;
  const kept = Object.entries(part).filter(([, value]) => !isEmpty(value));
  return kept.length ? Object.fromEntries(kept) : null;
}

function isEmpty(value) {
  return value === null || value === undefined || (typeof value === "string" && isBlank(value)) || (Array.isArray(value) && !value.length);
}

/** The codes of the questions to be shown, as the answers stand. */
export function asked(form, answers) {
  const given = tidy(form, answers);
  const shown = [...form.questions.values()].filter((question) => question.type !== "hearing_ref" && isRelevant(question, given));
  return new Set(shown.map((question) => question.code));
}

/** What a filled draft lacks: the faults of what would be sent. */
export function faultsOfDraft(form, draft, today) {
  return faultsOf(form, tidy(form, draft.answers), { hearing: draft.hearing_id ?? null, today });
}

/** The body of `POST /v1/observations` that a draft makes. `capturedAt` is RFC 3339 with the phone's own offset. */
export function bodyOf(form, draft, capturedAt) {
  const answers = tidy(form, draft.answers);
  const around = {
    id: draft.id,
    form_version: draft.form_version,
    case_id: draft.case_id,
    hearing_id: draft.hearing_id ?? null,
    captured_at: capturedAt,
    ...(draft.supersedes ? { supersedes: draft.supersedes } : {}),
  };
  if (!isOwn(form)) return { ...around, form: form.code, answers };
  return { ...around, form: "custom", form_code: form.code, answers: Object.entries(answers).map(([question, value]) => ({ question, value })) };
}

/** Whether a form is a programme's own, not one of the taxonomy's. */
export function isOwn(form) {
  return form.code.startsWith("x_");
}

/** The moment as a phone claims it: local time with its offset, as `2012-04-05T15:20:00+05:00`. */
export function claimed(date) {
  const ahead = -date.getTimezoneOffset();
  const sign = ahead < 0 ? "-" : "+";
  const offset = `${sign}${two(Math.trunc(Math.abs(ahead) / 60))}:${two(Math.abs(ahead) % 60)}`;
  return `${localDay(date)}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}${offset}`;
}

/** The plain day of the phone's calendar. */
export function localDay(date) {
  return `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function two(number) {
  return String(number).padStart(2, "0");
}

/** The last day that cannot be the future: a phone may be days behind, and the hearing it sits in is not in the future. */
export function lastDay(now, hearingDay) {
  const tomorrow = localDay(new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1));
  return hearingDay && hearingDay > tomorrow ? hearingDay : tomorrow;
}

/** How far a form is filled: of the questions that must be answered as things stand, how many are. */
export function progress(form, answers) {
  const given = tidy(form, answers);
  const asked = [...form.questions.values()].filter((question) => question.required && question.type !== "hearing_ref");
  const needed = asked.filter((question) => isRelevant(question, given));
  return { needed: needed.length, given: needed.filter((question) => answerTo(question.code, given) !== null).length };
}

/** The question that a fault belongs to, or null for one outside the answers. */
export function questionOf(fault) {
  const steps = fault.pointer.split("/");
  return steps[1] === "answers" && steps[2] && isFieldName(steps[2]) ? steps[2] : null;
}

/** Answers that an event form takes over from the form it was opened from: the same question with the same terms. */
export function takenOver(form, parentForm, parentAnswers) {
  const taken = {};
  for (const [code, question] of form.questions) {
    const same = parentForm.questions.get(code);
    const answer = answerTo(code, parentAnswers);
    const isSame = same && question.type === "select_one" && same.type === "select_one" && same.choices === question.choices;
    if (isSame && answer !== null && !question.relevant) taken[code] = answer;
  }
  return taken;
}

/** The event forms that the answers call for: [{question, form}], in the order of the questions. */
export function called(form, answers) {
  const opening = [...form.questions.values()].filter((question) => question.opens_form && question.type !== "form_ref");
  return opening
    .filter((question) => isRelevant(question, answers) && answerTo(question.code, answers) === "yes")
    .map((question) => ({ question: question.code, form: question.opens_form }));
}
