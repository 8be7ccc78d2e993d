// Controls that answer questions: each with its label, help and faults, which a screen reader hears together.

import { el } from "./dom.js";
import { answerTo } from "./forms.js";
import { fault as faultText, label, t } from "./words.js";

const FEW = 7;
const MANY = 12;

/**
 * Around a control: title, help and a place for what is wrong.
 *
 * `build(ids)` gives {node, controls}; a group is a fieldset, anything else has a label. Returns {node, wrong(messages), focus()}.
 */
export function framed({ id, title, help = null, hint = null, isRequired = false, group = null, build }) {
  const wrong = el("p", { class: "wrong", id: `${id}-wrong`, hidden: true });
  const helped = [help && el("p", { class: "help", id: `${id}-help` }, help), hint && el("p", { class: "help", id: `${id}-hint` }, hint)].filter(Boolean);
  const described = helped.map((each) => each.id);
  const { node, controls } = build({ id });
  const must = isRequired ? el("span", { class: "must" }, ` (${t("form.required")})`) : null;
  const frame = group
    ? el("fieldset", { id: `${id}-group`, role: group, "aria-labelledby": `${id}-title` }, el("legend", { id: `${id}-title` }, title, must), ...helped, node, wrong)
    : el("div", {}, el("label", { class: "asked", for: id }, title, must), ...helped, node, wrong);
  const speaking = group ? frame : controls[0];
  describe(speaking, described);
  return {
    node: frame,
    wrong(messages) {
      wrong.textContent = messages.join(" ");
      wrong.hidden = !messages.length;
      describe(speaking, messages.length ? [...described, wrong.id] : described);
      const marked = group === "radiogroup" ? [frame] : controls.filter((control) => control.localName !== "button");
      for (const control of marked) set(control, "aria-invalid", messages.length ? "true" : "");
    },
    focus: () => (controls.find((control) => control.checked) ?? controls[0] ?? frame).focus(),
  };
}

function describe(node, ids) {
  set(node, "aria-describedby", ids.join(" "));
}

function set(node, name, value) {
  if (value) node.setAttribute(name, value);
  else node.removeAttribute(name);
}

/** One of few answers as radio buttons, one of many as a list. `terms` are {code, labels}; `tell(code or null)`. */
export function oneOf({ terms, value, tell, isRequired, ...frame }) {
  return terms.length <= FEW ? radios({ terms, value, tell, isRequired, ...frame }) : selected({ terms, value, tell, isRequired, ...frame });
}

function radios({ terms, value, tell, isRequired, ...frame }) {
  const clear = el("button", { type: "button", class: "small", hidden: isRequired || value === null }, t("form.clear"));
  const inputs = [];
  const said = (code) => {
    clear.hidden = isRequired || code === null;
    tell(code);
  };
  clear.addEventListener("click", () => {
    for (const input of inputs) input.checked = false;
    inputs[0].focus();
    said(null);
  });
  return framed({
    ...frame,
    isRequired,
    group: "radiogroup",
    build: ({ id }) => {
      const choices = terms.map((term, n) => {
        const input = el("input", { type: "radio", name: id, id: `${id}-${n}`, checked: term.code === value, onchange: () => said(term.code) });
        inputs.push(input);
        return choice(input, term.text ?? label(term));
      });
      const isShort = terms.every((term) => (term.text ?? label(term)).length <= 22);
      return { node: el("div", {}, el("div", { class: isShort ? "choices short" : "choices" }, choices), clear), controls: inputs };
    },
  });
}

function choice(input, text) {
  return el("label", { class: "choice" }, input, el("span", {}, text));
}

/** What can be chosen: what is `gone` only where it was chosen before. */
const offered = (terms, isChosen) => terms.filter((term) => !term.gone || isChosen(term.code));

/** One of many. Terms may have a `group` text, under which they are listed; a value that is not among them stays and says so. */
export function selected({ terms: all, value, tell, ...frame }) {
  const terms = offered(all, (code) => code === value);
  return framed({
    ...frame,
    build: ({ id }) => {
      const list = el("select", { id, onchange: () => tell(list.value || null) }, el("option", { value: "" }, t("form.choose")), grouped(terms));
      if (value !== null && !terms.some((term) => term.code === value)) list.append(el("option", { value }, t("form.not_here")));
      list.value = value ?? "";
      return { node: list, controls: [list] };
    },
  });
}

function grouped(terms) {
  return [...byGroup(terms)].flatMap(([name, within]) => {
    const options = within.map((term) => el("option", { value: term.code }, term.text ?? label(term)));
    return name === null ? options : el("optgroup", { label: name }, options);
  });
}

function byGroup(terms) {
  const groups = new Map();
  for (const term of terms) groups.set(term.group ?? null, [...(groups.get(term.group ?? null) ?? []), term]);
  return groups;
}

/** Several of a list as check boxes; a long list can be narrowed. `tell(codes)` in the order of the list. */
export function severalOf({ terms: all, value, tell, none = null, ...frame }) {
  const chosen = new Set(Array.isArray(value) ? value : []);
  const terms = offered(all, (code) => chosen.has(code));
  const lost = [...chosen].filter((code) => !terms.some((term) => term.code === code)).map((code) => ({ code, text: t("form.not_here") }));
  const listed = [...terms, ...lost];
  return framed({
    ...frame,
    group: "group",
    build: ({ id }) => {
      const boxes = listed.map((term, n) => box(term, `${id}-${n}`, chosen, () => tell(listed.filter((each) => chosen.has(each.code)).map((each) => each.code))));
      const list = el("div", { class: listed.every((term) => (term.text ?? label(term)).length <= 22) ? "choices short" : "choices" }, boxes.map((each) => each.node));
      const narrow = listed.length > MANY && frame.isNarrowed ? narrowing(id, boxes) : null;
      return { node: listed.length ? el("div", {}, narrow, list) : el("p", { class: "soft" }, none), controls: boxes.map((each) => each.input) };
    },
  });
}

function box(term, id, chosen, tell) {
  const input = el("input", {
    type: "checkbox",
    id,
    checked: chosen.has(term.code),
    onchange: () => {
      if (input.checked) chosen.add(term.code);
      else chosen.delete(term.code);
      tell();
    },
  });
  const text = term.text ?? label(term);
  return { input, text, node: choice(input, text) };
}

function narrowing(id, boxes) {
  const input = el("input", { type: "search", id: `${id}-find`, autocomplete: "off", autocapitalize: "characters" });
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase();
    for (const each of boxes) each.node.hidden = !each.input.checked && !each.text.toLowerCase().includes(wanted);
  });
  return el("div", { class: "inner" }, el("label", { class: "small", for: input.id }, t("form.filter")), input);
}

/** A line or a block of text. */
export function written({ value, tell, longest = null, isLong = false, ...frame }) {
  return framed({
    ...frame,
    build: ({ id }) => {
      const attributes = { id, autocomplete: "off", spellcheck: isLong ? "true" : "false" };
      const input = isLong ? el("textarea", { ...attributes, rows: 4 }) : el("input", { ...attributes, type: "text" });
      input.value = typeof value === "string" ? value : "";
      const left = longest ? el("p", { class: "help", "aria-hidden": "true" }) : null;
      const count = () => {
        const n = longest - [...input.value.normalize("NFC")].length;
        left.hidden = n > longest / 4;
        left.textContent = t("form.left", { n });
      };
      input.addEventListener("input", () => {
        if (left) count();
        tell(input.value === "" ? null : input.value);
      });
      if (left) count();
      return { node: el("div", {}, input, left), controls: [input] };
    },
  });
}

/** A whole number. What is no number is kept as typed, so that it can be called wrong and not vanish. */
export function counted({ value, tell, ...frame }) {
  return framed({
    ...frame,
    build: ({ id }) => {
      const input = el("input", { id, type: "text", inputmode: "numeric", autocomplete: "off", maxlength: 16 });
      input.value = value ?? "";
      input.addEventListener("input", () => {
        const typed = input.value.trim();
        tell(typed === "" ? null : /^-?\d{1,16}$/.test(typed) ? Number(typed) : typed);
      });
      return { node: input, controls: [input] };
    },
  });
}

/** A day or a time of day, by the phone's own picker. */
export function picked({ value, tell, kind, ...frame }) {
  return framed({
    ...frame,
    build: ({ id }) => {
      const input = el("input", { id, type: kind });
      input.value = typeof value === "string" ? value : "";
      input.addEventListener("input", () => tell(input.value === "" ? null : input.value.slice(0, kind === "time" ? 5 : 10)));
      return { node: input, controls: [input] };
    },
  });
}

/** What is wrong, in words, with the limits of the question where they help. */
export function faultWords(fault, question, form, answers) {
  const limits = question?.constraint ?? {};
  const isNumber = question?.type === "integer";
  if (fault.code === "out_of_range" || (fault.code === "wrong_type" && isNumber)) return outOfRange(limits, isNumber, form, answers, question.code);
  if (fault.code === "too_long" && limits.max_length) return faultText("too_long.by", { n: limits.max_length });
  return faultText(fault.code);
}

function outOfRange(limits, isNumber, form, answers, code) {
  const answer = answerTo(code, answers);
  const [least, most] = [limits.min ?? 0, limits.max ?? null];
  const isWithin = Number.isInteger(answer) && answer >= least && (most === null || answer <= most);
  if (isNumber && most !== null && !isWithin) return faultText("out_of_range.between", { min: least, max: most });
  for (const name of ["not_more_than", "not_before"]) {
    const other = limits[name] ? answerTo(limits[name], answers) : null;
    if (limits[name] && (other === null || !limits.not_future || answer < other)) return faultText(`out_of_range.${name}`, { other: label(form.questions.get(limits[name])) });
  }
  return limits.not_future ? faultText("out_of_range.not_future") : faultText("out_of_range");
}
