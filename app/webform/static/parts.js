// Structured answers: facts from the list of indicators, roles in which persons were addressed, counts. Each is a list of parts.

import { button, el } from "./dom.js";
import { counted, framed, oneOf, selected, severalOf, written } from "./fields.js";
import { DOCUMENTED, isTold, LONGEST_INFORMANT, LONGEST_NOTE } from "./sheet.js";
import { label, t } from "./words.js";

/** A list of parts of one kind: `fact`, `role` or `count`. `tell` hears the whole list, null for none. */
export function partsOf(kind, { value, tell, ...frame }, about) {
  const parts = [];
  const list = el("div");
  const say = () => tell(parts.length ? parts.map((part) => part.value()) : null);
  const add = (found) => {
    const part = partOf(kind, `${frame.id}-${Math.random().toString(36).slice(2)}`, found, about, say, () => remove(part));
    parts.push(part);
    list.append(part.node);
    number();
    return part;
  };
  const remove = (part) => {
    const at = parts.indexOf(part);
    parts.splice(at, 1);
    part.node.remove();
    number();
    say();
    (parts[Math.min(at, parts.length - 1)]?.title ?? more).focus();
  };
  const number = () => parts.forEach((part, n) => part.name(t(`part.${kind}`, { n: n + 1 })));
  const more = button(t(`part.add_${kind}`), () => {
    const part = add({});
    say();
    part.title.focus();
  });
  const field = framed({ ...frame, group: "group", build: () => ({ node: el("div", {}, list, more), controls: [more] }) });
  for (const found of Array.isArray(value) ? value : []) add(found);
  return { ...field, ...placing(parts, field) };
}

/** Where faults of a list of parts are shown: each at its field; those that no field takes are left to the question. */
function placing(parts, field) {
  const fieldAt = (pointer) => {
    const [, , , n, name] = pointer.split("/");
    return parts[n]?.fields.find((each) => each.name === name)?.field;
  };
  return {
    places(faults, say) {
      const taken = faults.filter((fault) => fieldAt(fault.pointer));
      for (const part of parts) {
        for (const each of part.fields) {
          const own = taken.filter((fault) => fieldAt(fault.pointer) === each.field);
          each.field.wrong([...new Set(own.map((fault) => say(fault)))]);
        }
      }
      return taken;
    },
    focus: (pointer) => (fieldAt(pointer) ?? field).focus(),
  };
}

function partOf(kind, id, found, about, say, remove) {
  const values = { ...found };
  const fields = [];
  const heard = (name) => (answer) => {
    values[name] = answer;
    shown();
    say();
  };
  for (const [name, build, isShown = () => true] of KINDS[kind]) {
    const frame = { id: `${id}-${name}`, value: values[name] ?? null, tell: heard(name) };
    const field = build(frame, about);
    fields.push({ name, field, isShown });
    field.node.classList.add("inner");
  }
  const shown = () => fields.forEach((each) => (each.field.node.hidden = !each.isShown(values, about)));
  shown();
  const title = el("legend", { tabindex: "-1" });
  const off = button("", remove, { class: "small" });
  const node = el("fieldset", { class: "part" }, title, ...fields.map((each) => each.field.node), off);
  return {
    node,
    fields,
    title,
    name(text) {
      title.textContent = text;
      off.textContent = t("part.remove", { what: text });
    },
    value: () => Object.fromEntries(fields.filter((each) => !each.field.node.hidden && said(values[each.name])).map((each) => [each.name, values[each.name]])),
  };
}

function said(value) {
  return value !== null && value !== undefined && !(Array.isArray(value) && !value.length);
}

const term = (vocabulary, title, isRequired = false) => (frame, about) =>
  oneOf({ ...frame, title: t(title), isRequired, terms: about.vocabularies[vocabulary] ?? [] });
const people = (frame, about) =>
  severalOf({ ...frame, title: t("part.participant_refs"), isRequired: true, terms: about.people, none: t("form.no_people"), isNarrowed: true });
const person = (frame, about) => selected({ ...frame, title: t("part.participant_ref"), isRequired: true, terms: about.people });
const indicator = (frame, about) => selected({ ...frame, title: t("part.indicator"), isRequired: true, terms: reportable(about) });
const isAboutPeople = (part, about) => about.indicators.find((each) => each.code === part.indicator)?.applies_to === "participant";

/** Indicators that may be picked, under the rights they speak of. */
function reportable({ indicators, rights }) {
  const order = new Map(rights.map((right, n) => [right.code, n]));
  const named = indicators.filter((each) => !each.derived).map((each) => ({ ...each, group: label(rights.find((right) => right.code === each.right)) || null }));
  return named.sort((one, other) => (order.get(one.right) ?? 0) - (order.get(other.right) ?? 0));
}

/** The fields of each kind of part: name, control, and when it is shown. */
const KINDS = {
  fact: [
    ["indicator", indicator],
    ["value", term("observation_value", "part.value", true)],
    ["participant_refs", people, isAboutPeople],
    ["basis", term("observation_basis", "part.basis")],
    ["informant_role", term("participant_role", "part.informant_role", true), (part) => isTold(part.basis)],
    ["informant_ref", (frame) => written({ ...frame, title: t("part.informant_ref"), longest: LONGEST_INFORMANT }), (part) => isTold(part.basis)],
    [
      "document_ref",
      (frame, about) => selected({ ...frame, title: t("part.document_ref"), isRequired: true, terms: about.documents }),
      (part) => DOCUMENTED.includes(part.basis),
    ],
    ["aspect", term("fact_aspect", "part.aspect")],
    ["note", (frame) => written({ ...frame, title: t("part.note"), longest: LONGEST_NOTE, isLong: true })],
  ],
  role: [
    ["participant_ref", person],
    ["role", term("participant_role", "part.role_term", true)],
  ],
  count: [
    ["subject", term("count_subject", "part.subject", true)],
    ["value", (frame) => counted({ ...frame, title: t("part.number"), isRequired: true })],
  ],
};
