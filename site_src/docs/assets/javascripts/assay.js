/* Tables that sort and filter, digests that copy, and the search among all releases. Every page reads well without. */
(() => {
  "use strict";

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  // Numeric parts of a text are compared as numbers, so that version 1.10 comes after 1.9.
  const collator = new Intl.Collator("en", { numeric: true });

  const sortKey = (row, column) => {
    const cell = row.cells[column];
    const text = cell.dataset.sort ?? cell.textContent.trim();
    const number = cell.classList.contains("number") ? Number(text.replace(/,/g, "")) : NaN;
    return Number.isNaN(number) ? text : number;
  };

  const compare = (left, right) => {
    if (typeof left !== typeof right) return typeof left === "number" ? -1 : 1;
    return typeof left === "number" ? left - right : collator.compare(left, right);
  };

  const sortBy = (table, header, column) => {
    const ascending = header.getAttribute("aria-sort") !== "ascending";
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    header.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    const rows = [...table.tBodies[0].rows].map((row, index) => ({ row, index, key: sortKey(row, column) }));
    rows.sort((a, b) => (ascending ? 1 : -1) * compare(a.key, b.key) || a.index - b.index);
    table.tBodies[0].append(...rows.map(({ row }) => row));
  };

  const makeSortable = (table) => {
    if (table.tBodies[0].rows.length < 2) return;
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = element("button", { type: "button" }, ...header.childNodes);
      button.addEventListener("click", () => sortBy(table, header, column));
      header.replaceChildren(button);
    });
  };

  const LEAST_ROWS = 12;

  const makeFilter = (table) => {
    const rows = [...table.tBodies[0].rows];
    if (rows.length < LEAST_ROWS) return;
    const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const input = element("input", { type: "search", placeholder: "Filter these rows" });
    input.setAttribute("aria-label", `Filter: ${table.dataset.filter}`);
    const count = element("span", { ariaLive: "polite" });
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        row.hidden = !words.every((word) => texts.get(row).includes(word));
        if (!row.hidden) shown += 1;
      }
      count.textContent = words.length ? `${shown} of ${rows.length} rows` : "";
    });
    table.closest(".sheet").before(element("div", { className: "filter" }, input, count));
  };

  const makeCopy = (code) => {
    const button = element("button", { type: "button", className: "copy", title: "Copy in full" });
    button.setAttribute("aria-label", `Copy ${code.dataset.copy} in full`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.dataset.copy);
      button.classList.add("copied");
      setTimeout(() => button.classList.remove("copied"), 1500);
    });
    code.after(button);
  };

  const MOST_FOUND = 200;

  const kindMark = (kind) => element("span", { className: `kind kind-${kind}` }, kind);

  const foundRow = (root, [page, name, environment, at, when, kind, flags, verdict]) => {
    const cell = (label, ...children) => {
      const made = element("td", {}, ...children);
      made.dataset.label = label;
      return made;
    };
    const link = element("a", { href: root + page }, name);
    const marks = flags.flatMap((flag) => [" ", element("span", { className: `flag flag-${flag}` }, flag)]);
    const time = element("time", { dateTime: at }, when);
    const what = cell("What happened", verdict);
    what.className = "wide";
    const head = element("th", { scope: "row" }, link);
    return element("tr", {}, head, cell("When", time), cell("Kind", kindMark(kind), ...marks), what);
  };

  const loadOnce = (source) => {
    let loading;
    return () => {
      loading ??= new Promise((done, failed) => {
        const script = element("script", { src: source });
        script.addEventListener("load", () => {
          const releases = globalThis.assayReleases ?? [];
          const texts = releases.map((r) => [r[1], r[2], r[7], ...r[6], ...r[8]].join(" ").toLowerCase());
          done({ releases, texts });
        });
        script.addEventListener("error", () => failed(new Error(`${source} could not be loaded`)));
        document.head.append(script);
      });
      return loading;
    };
  };

  const makeFinder = (place) => {
    const load = loadOnce(place.dataset.releases);
    const rest = document.querySelector("[data-finder-rest]");
    const words = element("input", { type: "search", placeholder: "Component, version, words" });
    words.setAttribute("aria-label", "Find releases by component, version or words");
    const kinds = element("select", {}, element("option", { value: "" }, "every kind"));
    kinds.setAttribute("aria-label", "Kind");
    kinds.append(...place.dataset.kinds.split(" ").map((kind) => element("option", { value: kind }, kind)));
    const from = element("input", { type: "month" });
    const to = element("input", { type: "month" });
    const status = element("span", { ariaLive: "polite" });
    const body = element("tbody");
    const titles = ["Release", "When", "Kind", "What happened"].map((t) => element("th", { scope: "col" }, t));
    const head = element("thead", {}, element("tr", {}, ...titles));
    const found = element("div", { className: "sheet", hidden: true },
      element("table", { className: "ledger stack" }, head, body));
    const controls = [words, kinds, element("label", {}, "from ", from), element("label", {}, "to ", to)];
    place.append(element("div", { className: "filter" }, ...controls, status), found);
    place.hidden = false;

    const search = async () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      const active = wanted.length > 0 || kinds.value || from.value || to.value;
      found.hidden = !active;
      rest.hidden = Boolean(active);
      status.textContent = "";
      if (!active) return;
      const { releases, texts } = await load();
      const hits = [];
      let total = 0;
      releases.forEach((release, at) => {
        const month = release[3].slice(0, 7);
        if (kinds.value && release[5] !== kinds.value) return;
        if ((from.value && month < from.value) || (to.value && month > to.value)) return;
        if (!wanted.every((word) => texts[at].includes(word))) return;
        total += 1;
        if (hits.length < MOST_FOUND) hits.push(foundRow(place.dataset.root, release));
      });
      body.replaceChildren(...hits);
      const cut = total > hits.length ? `, the newest ${hits.length} shown` : "";
      status.textContent = `${total} of ${releases.length} releases${cut}`;
    };
    let waiting;
    for (const control of [words, kinds, from, to]) {
      control.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(search, 120); });
    }
  };

  for (const sheet of document.querySelectorAll(".sheet, .plot, figure.picture, pre.example")) {
    if (sheet.scrollWidth > sheet.clientWidth) sheet.tabIndex = 0;
  }
  document.querySelectorAll("table[data-filter]").forEach(makeFilter);
  document.querySelectorAll("table[data-sortable]").forEach(makeSortable);
  if (navigator.clipboard) document.querySelectorAll("code[data-copy]").forEach(makeCopy);
  document.querySelectorAll(".finder").forEach(makeFinder);
})();
