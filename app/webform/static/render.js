// A form as a page: every question with its control, those asked that are to be asked, and what is wrong where it is wrong.

import { button, el } from "./dom.js";
import { counted, faultWords, framed, oneOf, picked, selected, severalOf, written } from "./fields.js";
import { answerTo, asked } from "./forms.js";
import { partsOf } from "./parts.js";
import { filesAsked } from "./photos.js";
import { has, label, language, t } from "./words.js";

/**
 * A form on a page.
 *
 * `about` says what the questions can point to: {vocabularies, indicators, rights, people, documents, linkable(formCode), draft}, people
 * and documents as [{id, text}]. `answers` is read at the start; `tell(code, answer or null)` hears of each change. `notes` are texts by
 * question. Returns {node, update(answers), faults(list), events(code, nodes), focus(pointer)}.
 */
export function rendered(form, { answers, about, tell, notes = {} }) {
  const questions = new Map();
  const sections = form.sections.map((section) => drawn(form, section, questions, { answers, about, tell, notes }));
  return {
    node: el("div", {}, ...sections.map((each) => each.node)),
    sections,
    update(now) {
      const shown = asked(form, now);
      for (const [code, each] of questions) each.node.hidden = !shown.has(code);
      for (const each of sections) each.node.hidden = !each.codes.some((code) => shown.has(code));
    },
    faults(found, now) {
      for (const [code, each] of questions) each.show(form, found.filter((fault) => isIn(fault.pointer, code)), now);
    },
    events(code, nodes) {
      questions.get(code)?.events.replaceChildren(...nodes);
    },
    focus(pointer) {
      for (const [code, each] of questions) if (isIn(pointer, code)) each.focus(pointer);
    },
  };
}

function isIn(pointer, code) {
  return pointer === `/answers/${code}` || pointer.startsWith(`/answers/${code}/`);
}

function drawn(form, section, questions, given) {
  const id = `section-${section.code}`;
  const made = section.questions.filter((question) => question.type !== "hearing_ref").map((question) => {
    const each = questionOf(question, given);
    questions.set(question.code, each);
    return each.node;
  });
  const codes = section.questions.filter((question) => question.type !== "hearing_ref").map((question) => question.code);
  const node = el("section", { "aria-labelledby": id }, el("h2", { id, tabindex: "-1" }, label(section)), ...made);
  return { node, codes, id, section };
}

function questionOf(question, { answers, about, tell, notes }) {
  const field = fieldOf(question, answerTo(question.code, answers), about, (answer) => {
    note?.remove();
    tell(question.code, answer);
  });
  const note = notes[question.code] ? el("p", { class: "soft small" }, notes[question.code]) : null;
  const events = el("div", { class: "events" });
  const node = el("div", { class: "question", id: `q-${question.code}` }, field.node, note, events);
  return {
    node,
    events,
    focus: (pointer) => field.focus(pointer),
    show(form, faults, now) {
      node.classList.toggle("faulty", faults.length > 0);
      const within = field.places?.(faults, (fault) => faultWords(fault, null, form, now)) ?? [];
      const own = faults.filter((fault) => !within.includes(fault));
      field.wrong([...new Set(own.map((fault) => faultWords(fault, question, form, now)))]);
    },
  };
}

/** The help of a question; the taxonomy has it in English, the app in every language it speaks. */
function helpOf(question) {
  if (!question.help) return null;
  const own = `help.${question.code}`;
  return question.help_language !== language() && has(own) ? t(own) : question.help;
}

function fieldOf(question, value, about, tell) {
  const frame = { id: `a-${question.code}`, title: label(question), help: helpOf(question), isRequired: question.required, value, tell };
  return (FIELDS[question.type] ?? unknown)(frame, question, about);
}

/** A kind of question that this version of the app cannot show: it says so, and the rest of the form goes on. */
function unknown(frame) {
  return framed({ ...frame, group: "group", build: () => ({ node: el("p", { class: "soft" }, t("form.unknown_type")), controls: [] }) });
}

const yesOrNo = () => [
  { code: "true", text: t("common.yes") },
  { code: "false", text: t("common.no") },
];

const FIELDS = {
  select_one: (frame, question, about) => oneOf({ ...frame, terms: about.vocabularies[question.choices] ?? [] }),
  select_multiple: (frame, question, about) => severalOf({ ...frame, terms: about.vocabularies[question.choices] ?? [] }),
  boolean: (frame) =>
    oneOf({
      ...frame,
      terms: yesOrNo(),
      value: typeof frame.value === "boolean" ? String(frame.value) : null,
      tell: (code) => frame.tell(code === null ? null : code === "true"),
    }),
  integer: counted,
  text: (frame, question) => written({ ...frame, longest: question.constraint?.max_length ?? null, isLong: (question.constraint?.max_length ?? 1000) > 100 }),
  date: (frame) => picked({ ...frame, kind: "date" }),
  time: (frame) => picked({ ...frame, kind: "time" }),
  participant_ref: (frame, _, about) => selected({ ...frame, terms: about.people, hint: about.people.length ? null : t("form.no_people") }),
  participant_refs: (frame, _, about) => severalOf({ ...frame, terms: about.people, none: t("form.no_people"), isNarrowed: true }),
  document_ref: (frame, _, about) => selected({ ...frame, terms: about.documents, hint: about.documents.length ? null : t("form.no_documents") }),
  form_ref: (frame, question, about) => linked(frame, about.linkable(question.opens_form)),
  attachment_refs: (frame, question, about) => filesAsked({ ...frame, draft: about.draft, question: question.code }),
  indicator_picks: (frame, _, about) => partsOf("fact", frame, about),
  participant_roles: (frame, _, about) => partsOf("role", frame, about),
  counts: (frame, _, about) => partsOf("count", frame, about),
};

function linked(frame, forms) {
  return selected({ ...frame, terms: forms, hint: forms.length ? null : t("form.no_forms") });
}

/** What is wrong with a form, with ways to each place. `found` is a list of faults, `go(pointer)` leads there. */
export function summaryOf(form, found, go) {
  const order = [...form.questions.keys()];
  const places = new Map();
  for (const fault of [...found].sort((one, other) => order.indexOf(codeOf(one)) - order.indexOf(codeOf(other)))) if (!places.has(codeOf(fault))) places.set(codeOf(fault), fault);
  const links = [...places].map(([code, fault]) => el("li", {}, placed(form, code, fault, go)));
  const title = el("h2", { tabindex: "-1" }, t("form.mend", { n: places.size }));
  return { node: el("div", { class: "summary", role: "group", "aria-labelledby": (title.id = "mend") }, title, el("ul", {}, links)), title };
}

function codeOf(fault) {
  return fault.pointer.startsWith("/answers/") ? fault.pointer.split("/")[2] : fault.pointer;
}

function placed(form, code, fault, go) {
  const question = form.questions.get(code);
  if (!question || question.type === "hearing_ref") return el("p", {}, faultWords(fault, null, form, {}));
  const lead = (event) => {
    event.preventDefault();
    go(fault.pointer);
  };
  return el("a", { href: `#q-${code}`, onclick: lead }, label(question));
}

/** Ways to the sections of a form. */
export function contents(sections) {
  const links = sections.map(({ id, section }) =>
    el("li", {}, button(label(section), () => document.getElementById(id).focus(), { class: "wide small" })),
  );
  return el("details", { class: "more" }, el("summary", {}, t("form.sections")), el("ul", { class: "plain" }, links));
}
