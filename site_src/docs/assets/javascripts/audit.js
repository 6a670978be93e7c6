/* The chooser of periods: any run of months, filtered, with totals that add up and a table to take away.
   Data: audit/MONTH.js sets globalThis.assayAudit[MONTH] to a list of changes, newest first, each
   [page, name, id, environment, at, when, kind, verdict, components, commit, author, committer,
    [[by, source, doubt]], gates, [[name, outcome]], exceptions, whether something of it is not known]. */
(() => {
  "use strict";

  const t = (text, values = {}) => (globalThis.assayTexts?.[text] ?? text).replace(/\{(\w+)\}/g, (_, k) => values[k]);

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const span = (className, ...children) => element("span", { className }, ...children);

  const loading = new Map();
  const month = (root, key, source) => {
    if (!loading.has(key)) {
      loading.set(key, new Promise((done, failed) => {
        const script = element("script", { src: root + source });
        script.addEventListener("load", () => done(globalThis.assayAudit?.[key] ?? []));
        script.addEventListener("error", () => { loading.delete(key); failed(new Error(source)); });
        document.head.append(script);
      }));
    }
    return loading.get(key);
  };

  const KEYS = ["page", "name", "id", "environment", "at", "when", "kind", "verdict", "components", "commit", "author",
    "committer", "approvals", "gates", "short", "exceptions", "silent"];
  const named = (values) => Object.fromEntries(KEYS.map((key, at) => [key, values[at]]));

  const cell = (label, ...children) => {
    const made = element("td", {}, ...children);
    made.dataset.label = label;
    return made;
  };

  const none = (text) => span("absent", text);

  const drawn = (root, labels, change) => {
    const head = element("th", { scope: "row" }, element("a", { href: root + change.page }, change.name), " ",
      change.at ? element("time", { dateTime: change.at }, change.when) : span("unknown", t("time unknown")), " ",
      span(`kind kind-${change.kind}`, t(change.kind)));
    const what = cell(t("What"), change.verdict, " ", span("audit-parts", change.components.join(", ")));
    what.className = "wide";
    const by = cell(t("By"), change.author || none(t("no name")));
    if (change.committer) by.append(" ", span("says", t("committed by {name}", { name: change.committer })));
    by.append(" ", element("code", { className: "digest", title: change.commit }, change.commit.slice(0, 12)));
    const yes = change.approvals.map(([who, source, doubt]) => {
      const name = who || t("one person");
      return span("yes", doubt ? element("s", {}, name) : name, " ", span("says", doubt ? `${doubt}, ${source}` : source));
    });
    const short = change.short.map(([name, outcome]) =>
      span("gate", span(`outcome outcome-${outcome.replaceAll(" ", "-")}`, t(outcome)), " ", name));
    const odd = change.exceptions.flatMap((name) =>
      [element("span", { className: `exception exception-${name}`, title: labels[name]?.[1] ?? "" }, labels[name]?.[0] ?? name), " "]);
    return element("tr", {}, head, what, by,
      cell(t("Approved by"), ...(yes.length ? yes : [none(t("nobody is known"))])),
      cell(t("Gates"), ...(change.gates ? [change.gates, ...short] : [none(t("none"))])),
      cell(t("Exceptions"), ...(odd.length ? odd : [none(t("none"))])));
  };

  const COLUMNS = ["release", "environment", "time", "kind", "what_happened", "components", "commit", "author", "committer",
    "approved_by", "gates_short", "exceptions"];
  // A text that a spreadsheet would calculate is kept a text, as in the tables that come with the site.
  const quoted = (text) => `"${(/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const table = (changes) => [COLUMNS, ...changes.map((c) => [c.id, c.environment, c.at, c.kind, c.verdict,
    c.components.join("; "), c.commit, c.author, c.committer,
    c.approvals.map(([who, source, doubt]) => `${who || "one person"} (${source}${doubt ? `, ${doubt}` : ""})`).join("; "),
    c.short.map(([name, outcome]) => `${name}: ${outcome}`).join("; "), c.exceptions.join("; ")])]
    .map((row) => row.map(quoted).join(",")).join("\r\n") + "\r\n";

  const PAGE = 100;

  const fits = (wanted) => (change) => {
    const words = wanted.component.toLowerCase().split(/\s+/).filter(Boolean);
    const has = change.exceptions;
    if (wanted.environment && change.environment !== wanted.environment) return false;
    if (wanted.exception === "*" && !has.length) return false;
    if (wanted.exception === "-" && has.length) return false;
    if (wanted.exception.length > 1 && !has.includes(wanted.exception)) return false;
    return words.every((word) => change.components.some((name) => name.toLowerCase().includes(word)));
  };

  const sums = (labels, changes) => {
    const odd = changes.filter((change) => change.exceptions.length).length;
    const unknown = changes.filter((change) => change.silent).length;
    const counts = new Map();
    for (const change of changes) for (const name of change.exceptions) counts.set(name, (counts.get(name) ?? 0) + 1);
    const parts = [
      t("{count} with an exception", { count: odd }),
      t("{count} not known", { count: unknown }),
      t("{count} with nothing out of the ordinary", { count: changes.length - odd - unknown }),
      ...Object.keys(labels).filter((name) => counts.has(name)).map((name) => `${labels[name][0]}: ${counts.get(name)}`),
    ];
    return element("p", { className: "audit-sums" }, ...parts.map((text) => element("span", {}, text)));
  };

  const begin = (place) => {
    const { root } = place.dataset;
    const labels = JSON.parse(place.dataset.labels);
    const form = place.querySelector("form");
    const status = place.querySelector(".audit-status");
    const result = place.querySelector(".audit-result");
    const options = [...form.elements.from.options];
    const field = (name) => form.elements[name]?.value ?? "";
    const titles = [t("Change"), t("What"), t("By"), t("Approved by"), t("Gates"), t("Exceptions")];

    const page = (changes, at) => {
      const rows = changes.slice(at, at + PAGE).map((change) => drawn(root, labels, change));
      const head = element("tr", {}, ...titles.map((title) => element("th", { scope: "col" }, title)));
      const sheet = element("div", { className: "sheet", tabIndex: 0 }, element("table", { className: "ledger stack audit-changes" },
        element("caption", { className: "unseen" }, t("Changes of the period")), element("thead", {}, head),
        element("tbody", {}, ...rows)));
      const turn = (text, to) => {
        const button = element("button", { type: "button", className: "audit-turn", disabled: to < 0 || to >= changes.length }, text);
        button.addEventListener("click", () => { page(changes, to); result.querySelector("button:not([disabled])")?.focus(); });
        return button;
      };
      const take = element("button", { type: "button", className: "audit-take" }, t("Take this table (CSV)"));
      take.addEventListener("click", () => {
        const address = URL.createObjectURL(new Blob(["\ufeff", table(changes)], { type: "text/csv" }));
        const link = element("a", { href: address, download: `audit-${field("from")}-${field("to")}.csv` });
        link.click();
        setTimeout(() => URL.revokeObjectURL(address), 1000);
      });
      const shown = t("{first} to {last} of {count}",
        { first: at + 1, last: Math.min(at + PAGE, changes.length), count: changes.length });
      const paging = changes.length > PAGE ? [turn(t("Newer"), at - PAGE), " ", shown, " ", turn(t("Older"), at + PAGE), " "] : [];
      result.replaceChildren(sums(labels, changes), element("p", {}, ...paging, take), sheet);
    };

    const show = async () => {
      const [from, to] = [field("from"), field("to")].sort();
      const wanted = { component: field("component"), exception: field("exception"), environment: field("environment") };
      status.textContent = t("Loading");
      try {
        const chosen = options.filter((option) => option.value >= from && option.value <= to);
        const loaded = await Promise.all(chosen.map((option) => month(root, option.value, option.dataset.source)));
        const changes = loaded.flat().map(named).filter(fits(wanted));
        if (changes.length) page(changes, 0); else result.replaceChildren();
        status.textContent = t("{count} of {total} changes of the period",
          { count: changes.length, total: loaded.reduce((sum, list) => sum + list.length, 0) });
      } catch (fault) {
        status.textContent = t("The data could not be loaded: {file}", { file: fault.message });
      }
    };

    form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
    place.hidden = false;

    // audit/index.html#from=2026-03&to=2026-03&component=checkout; a quarter stands for its months.
    const asked = new URLSearchParams(location.hash.slice(1));
    if (asked.has("from") || asked.has("component")) {
      const ends = (key, last) => {
        const found = /^(\d{4})-Q([1-4])$/.exec(key ?? "");
        return found ? `${found[1]}-${String(found[2] * 3 - (last ? 0 : 2)).padStart(2, "0")}` : key;
      };
      const within = (first, last) => options.map((option) => option.value).filter((key) => key >= first && key <= last);
      const keys = within(ends(asked.get("from"), false) ?? "", ends(asked.get("to"), true) ?? "9999");
      if (keys.length) [form.elements.from.value, form.elements.to.value] = [keys.at(-1), keys[0]];
      for (const name of ["component", "exception", "environment"]) {
        if (form.elements[name] && asked.has(name)) form.elements[name].value = asked.get(name);
      }
      show();
    }
  };

  document.querySelectorAll(".audit-chooser").forEach(begin);
})();
