// Elements made of names and texts. Nothing is ever parsed as HTML.

// `el("button", {class: "main", onclick: f}, "Text", other)`: attributes, `on…` listeners; null and false leave a thing out.
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

// A labelled field: `field("Text", {id: "pin", type: "password"}, "Help")`.
export function field(label, attributes, help = null) {
  const told = help && el("p", { class: "help", id: `${attributes.id}-help` }, help);
  const input = el("input", { ...attributes, "aria-describedby": help ? `${attributes.id}-help` : null });
  return el("div", { class: "question" }, el("label", { class: "asked", for: attributes.id }, label), told, input);
}

// Buttons that wait for what they started: not twice, and never without a word when it fails.
export function button(text, act, attributes = {}) {
  const made = el("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", async () => {
    made.disabled = true;
    try {
      await act();
    } finally {
      made.disabled = false;
    }
  });
  return made;
}

// A file to be picked, under a text of ours: what browsers write there is in a language of their own. Gives {node, input, tell(text)}.
export function picker(text, attributes) {
  const input = el("input", { type: "file", ...attributes });
  const shown = el("span", { class: "button" }, text);
  return { node: el("label", { class: "picker" }, input, shown), input, tell: (said) => (shown.textContent = said || text) };
}
