/* A field to type into with a list of what fits below it: the combobox pattern, by keyboard and pointer. */
globalThis.assayAtlas ??= {};
globalThis.assayAtlas.choice = (() => {
  "use strict";

  const t = (text, values = {}) => (globalThis.assayTexts?.[text] ?? text).replace(/\{(\w+)\}/g, (_, k) => values[k]);

  const MOST = 40;

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  /* `find(words, most)` gives {found: [{label, note, value}], total}; `take(value)` is told what was chosen. `name` is
     unique in the page. */
  const make = ({ name, label, hint, find, take }) => {
    const list = element("ul", { id: `${name}-list`, hidden: true });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", t("What fits"));
    const input = element("input", { type: "text", id: name, placeholder: hint, autocomplete: "off", spellcheck: false });
    for (const [key, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id],
      ["aria-autocomplete", "list"]]) input.setAttribute(key, value);
    const status = element("span", { className: "unseen" });
    status.setAttribute("role", "status");
    let shown = [];
    let at = -1;

    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const point = (index) => {
      list.children[at]?.setAttribute("aria-selected", "false");
      at = index;
      const option = list.children[at];
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    };
    const choose = (index) => {
      const { label: text, value } = shown[index];
      close();
      input.value = text;
      take(value);
    };
    const open = () => {
      const { found, total } = find(input.value.trim().toLowerCase(), MOST);
      shown = found;
      list.replaceChildren(...found.map(({ label: text, note }, index) => {
        const option = element("li", { id: `${name}-${index}` }, text, " ",
          element("span", { className: "age", textContent: note }));
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        // Before the field loses its focus, which would close the list.
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => choose(index));
        return option;
      }));
      at = -1;
      input.removeAttribute("aria-activedescendant");
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(found.length > 0));
      status.textContent = total > found.length
        ? t("{number} fit, the first {shown} are listed", { number: total, shown: found.length })
        : t("{number} fit", { number: total });
    };
    input.addEventListener("input", open);
    input.addEventListener("click", open);
    input.addEventListener("focus", () => input.select());
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) { event.stopPropagation(); close(); return; }
      if (event.key === "Enter" && !list.hidden && shown.length) { event.preventDefault(); choose(Math.max(at, 0)); return; }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      if (list.hidden) open();
      if (shown.length) point((at + step + (at < 0 && step < 0 ? 1 : 0) + shown.length) % shown.length);
    });
    const field = element("div", { className: "atlas-choice" }, element("label", { htmlFor: name }, label), input, list,
      status);
    return { field, input, set: (text) => { input.value = text; } };
  };

  return { element, make };
})();
