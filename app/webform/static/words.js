// All that the app says, in Kazakh, Russian and English: texts by key, labels of the taxonomy, days and times.

export const LANGUAGES = ["kk", "ru", "en"];

const FALLBACKS = ["en", "ru", "kk"];
let spoken = "en";
let texts = {};

/** Load the texts of a language and speak it from now on; an unknown language is English. */
export async function speak(language) {
  const wanted = LANGUAGES.includes(language) ? language : "en";
  const answer = await fetch(new URL(`./words/${wanted}.json`, import.meta.url));
  use(wanted, await answer.json());
}

/** Speak a language whose texts are there already. */
export function use(language, found) {
  spoken = language;
  texts = found;
  if (globalThis.document) document.documentElement.lang = language;
}

/** The language spoken now. */
export function language() {
  return spoken;
}

/** The first of the wished languages that the app speaks, as `ru` for `ru-KZ`; Kazakh where none is. */
export function spokenOf(wished) {
  const short = wished.filter(Boolean).map((each) => each.slice(0, 2).toLowerCase());
  return short.find((each) => LANGUAGES.includes(each)) ?? "kk";
}

/** The text under a key, with `{name}` replaced by values. A key that nobody wrote a text for is shown itself. */
export function t(key, values = {}) {
  const text = Object.hasOwn(texts, key) ? texts[key] : key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? String(values[name]) : whole));
}

/** Whether there is a text under a key. */
export function has(key) {
  return Object.hasOwn(texts, key);
}

/** What is wrong, in words, for the code of a fault or problem. */
export function fault(code, values) {
  return has(`fault.${code}`) ? t(`fault.${code}`, values) : t("fault.other", { code });
}

/** The label of a form, section, question, term or indicator in the language spoken, else in another. */
export function label(thing) {
  const labels = thing?.labels ?? (typeof thing?.label === "object" ? thing.label : null);
  if (!labels) return thing?.label ?? thing?.title ?? thing?.code ?? "";
  return labels[spoken] ?? FALLBACKS.map((each) => labels[each]).find(Boolean) ?? thing.code;
}

/** A day as people write it: `05.04.2012`. */
export function day(text) {
  const [year, month, date] = text.slice(0, 10).split("-");
  return `${date}.${month}.${year}`;
}

/** A moment in the phone's own time: `05.04.2012 15:20`. */
export function moment(text) {
  const at = new Date(text);
  const two = (number) => String(number).padStart(2, "0");
  return `${two(at.getDate())}.${two(at.getMonth() + 1)}.${at.getFullYear()} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** A size as people say it: `1.4 MB`. */
export function size(bytes) {
  if (bytes < 1_000_000) return t("size.kb", { n: Math.max(1, Math.round(bytes / 1000)) });
  return t("size.mb", { n: (bytes / 1_000_000).toLocaleString(spoken, { maximumFractionDigits: 1 }) });
}
