/* The whole drift register, filtered in the browser. Data: assets/drift/ENVIRONMENT-WHAT.js sets
   globalThis.assayDrift[FILE] to a list of items, each [component, aspect, field, class, upstream, value, age in seconds,
   age, since, since in words, commit, state, why] and, where it ended, [until, until in words, commit, how]. */
(() => {
  "use strict";

  const t = (text, values = {}) => (globalThis.assayTexts?.[text] ?? text).replace(/\{(\w+)\}/g, (_, k) => values[k]);

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const span = (className, ...children) => element("span", { className }, ...children);
  const collator = new Intl.Collator("en", { numeric: true });

  const asked = new Map();
  const load = (root, file) => {
    if (!asked.has(file)) {
      asked.set(file, new Promise((done, failed) => {
        const script = element("script", { src: root + file });
        script.addEventListener("load", () => done(globalThis.assayDrift?.[file] ?? []));
        script.addEventListener("error", () => { asked.delete(file); failed(new Error(file)); });
        document.head.append(script);
      }));
    }
    return asked.get(file);
  };

  const KEYS = ["component", "aspect", "field", "drift", "upstream", "value", "seconds", "age", "since", "sinceText",
    "commit", "state", "why", "until", "untilText", "untilCommit", "how"];
  const named = (environment) => (row) => ({ environment, ...Object.fromEntries(KEYS.map((key, at) => [key, row[at]])) });

  const cell = (label, ...children) => {
    const made = element("td", {}, ...children);
    made.dataset.label = label;
    return made;
  };
  const short = (commit) => element("code", { className: "digest", title: commit }, commit.slice(0, 12));
  const value = (text) => element("code", { className: "value" }, text);

  const drawn = (words, several) => (item) => {
    const marks = [span(`drift drift-${item.drift}`, t(item.drift))];
    if (item.state !== "ended" && item.state !== "counts") marks.push(" ", span("state", words[item.state] ?? item.state));
    if (item.why) marks.push(" ", span("exempt", item.why));
    const age = cell(t("Age"), item.age);
    age.className = "number";
    const head = element("th", { scope: "row" }, item.component);
    if (several) head.append(" ", span("says", item.environment));
    const times = cell(t("Since"), item.sinceText || t("time unknown"), " ", short(item.commit));
    if (item.how) times.append(" ", span("says", t("until {when}: {how}", { when: item.untilText, how: item.how }), " ", short(item.untilCommit)));
    return element("tr", {}, head, cell(t("Field"), span("field", item.field), " ", span("aspect", t(item.aspect))),
      cell(t("Class"), ...marks), cell(t("Upstream"), value(item.upstream)), cell(t("Here"), value(item.value)), age, times);
  };

  const COLUMNS = [[t("Component"), "component"], [t("Field"), "field"], [t("Class"), "drift"], [t("Upstream"), ""],
    [t("Here"), ""], [t("Age"), "seconds"], [t("Since"), "since"]];
  const PAGE = 100;

  const begin = (place) => {
    const { root } = place.dataset;
    const words = JSON.parse(place.dataset.words);
    const form = place.querySelector("form");
    const status = place.querySelector(".drift-status");
    const result = place.querySelector(".drift-result");
    const sources = [...place.querySelectorAll(".drift-source")];
    const field = (name) => form.elements[name].value;
    let sorted = { key: "seconds", down: true };

    const draw = (items, at) => {
      const order = (a, b) => (sorted.key === "seconds" ? a.seconds - b.seconds : collator.compare(a[sorted.key], b[sorted.key]));
      items.sort((a, b) => (sorted.down ? -1 : 1) * order(a, b));
      const several = new Set(items.map((item) => item.environment)).size > 1;
      const heads = COLUMNS.map(([title, key]) => {
        const head = element("th", { scope: "col" });
        if (key === "seconds") head.className = "number";
        if (!key) { head.append(title); return head; }
        if (key === sorted.key) head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
        const button = element("button", { type: "button" }, title);
        button.addEventListener("click", () => {
          sorted = { key, down: sorted.key === key ? !sorted.down : key === "seconds" };
          draw(items, 0);
          result.querySelector("th[aria-sort] button")?.focus();
        });
        head.append(button);
        return head;
      });
      const rows = items.slice(at, at + PAGE).map(drawn(words, several));
      const turn = (text, to) => {
        const button = element("button", { type: "button", disabled: to < 0 || to >= items.length }, text);
        button.addEventListener("click", () => { draw(items, to); result.querySelector("p button:not([disabled])")?.focus(); });
        return button;
      };
      const range = t("{first} to {last} of {count}", { first: at + 1, last: Math.min(at + PAGE, items.length), count: items.length });
      const paging = items.length > PAGE
        ? [element("p", {}, turn(t("Back"), at - PAGE), " ", range, " ", turn(t("On"), at + PAGE))] : [];
      result.replaceChildren(...paging, element("div", { className: "sheet", tabIndex: 0 }, element("table", { className: "ledger stack" },
        element("caption", { className: "unseen" }, t("Items of the register")),
        element("thead", {}, element("tr", {}, ...heads)), element("tbody", {}, ...rows))));
    };

    const show = async () => {
      const items = field("items");
      const states = ["counts", "accepted", "expected"].includes(items) ? [items] : null;
      const what = states ? "standing" : items;
      const least = Number(field("age")) * 86400;
      const wanted = field("words").toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = sources.filter((source) => source.dataset.what === what
        && (!field("environment") || source.dataset.environment === field("environment")));
      status.textContent = t("Loading");
      try {
        const lists = await Promise.all(chosen.map(async (source) =>
          (await load(root, source.value)).map(named(source.dataset.environment))));
        const found = lists.flat().filter((item) => (!states || states.includes(item.state))
          && (!field("drift") || item.drift === field("drift")) && (!least || item.seconds > least)
          && wanted.every((word) => `${item.component} ${item.field}`.toLowerCase().includes(word)));
        if (found.length) draw(found, 0); else result.replaceChildren();
        status.textContent = found.length === 1 ? t("1 item") : t("{count} items", { count: found.length });
      } catch (fault) {
        status.textContent = t("The data could not be loaded: {file}", { file: fault.message });
      }
    };

    form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
    place.hidden = false;
  };

  document.querySelectorAll(".drift-finder").forEach(begin);
})();
