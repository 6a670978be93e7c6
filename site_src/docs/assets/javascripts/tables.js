/* Tables that sort, filter, turn pages and can be taken away. A table is complete in the page: what is added here only
   hides rows, so that it reads, prints and is found without.

   <table data-sortable>       heads become buttons; a cell's key is its data-sort, its time, or its text
   <table data-filter="What">  a field narrows the rows, from a dozen rows on
   <table data-csv="name">     a button gives the rows that match, in their order, as name.csv; what can be filtered
                               can also be taken away. <td data-csv="…"> says what a cell is there.
   From more than 100 rows on, a table shows 100 at a time. A table inside [data-plain-table] is left alone. */
(() => {
  "use strict";

  const { t, element } = globalThis.assay;
  const LEAST_FILTERED = 12;
  const PAGE = 100;
  const count = (number) => number.toLocaleString(document.documentElement.lang || "en");

  /* Keys: numbers, then versions, then texts; what is empty or unknown comes last, whichever way one sorts. */

  // Numeric parts of a text are compared as numbers, so that part-10 comes after part-9.
  const collator = new Intl.Collator("en", { numeric: true });
  const VERSION = /^[vV]?(\d+(?:\.\d+)+)(?:[-+.]?([0-9A-Za-z].*))?$/;
  const NUMBER = /^[-−+]?\d[\d,]*(?:\.\d+)?\s*%?$/;
  const [A_NUMBER, A_VERSION, A_TEXT, NOTHING] = [0, 1, 2, 3];

  const keyOf = (text, numeric) => {
    if (!text) return { rank: NOTHING };
    // 1.10 in a column of numbers is a number; elsewhere it is a version.
    if (numeric || /^\d+$/.test(text)) {
      const value = Number(text.replace(/[,%\s]/g, "").replace("−", "-"));
      if (!Number.isNaN(value)) return { rank: A_NUMBER, value };
    }
    const version = VERSION.exec(text);
    if (version) return { rank: A_VERSION, value: version[1].split(".").map(Number), rest: version[2] ?? "" };
    return { rank: A_TEXT, value: text };
  };

  const sortKey = (row, column) => {
    const cell = row.cells[column];
    if (!cell) return keyOf("", false);
    const numeric = cell.classList.contains("number");
    if (cell.dataset.sort !== undefined) return keyOf(cell.dataset.sort, numeric || NUMBER.test(cell.dataset.sort));
    if (cell.querySelector(".absent, .unknown")) return keyOf("", false);
    const first = cell.firstElementChild;
    if (first?.tagName === "TIME") return keyOf(first.dateTime, false);
    return keyOf(cell.textContent.trim(), numeric);
  };

  const compareVersions = (left, right) => {
    for (let at = 0; at < Math.max(left.value.length, right.value.length); at += 1) {
      const step = (left.value[at] ?? 0) - (right.value[at] ?? 0);
      if (step) return step;
    }
    // 1.2.0-rc.1 comes before 1.2.0.
    if (!left.rest || !right.rest) return (left.rest ? 0 : 1) - (right.rest ? 0 : 1);
    return collator.compare(left.rest, right.rest);
  };

  const compare = (left, right) => {
    if (left.rank !== right.rank) return left.rank - right.rank;
    if (left.rank === A_NUMBER) return left.value - right.value;
    if (left.rank === A_VERSION) return compareVersions(left, right);
    return left.rank === A_TEXT ? collator.compare(left.value, right.value) : 0;
  };

  /* Cells as a spreadsheet gets them. */

  const cellText = (cell) => {
    if (!cell) return "";
    if (cell.dataset.csv !== undefined) return cell.dataset.csv;
    const copy = cell.cloneNode(true);
    for (const part of copy.querySelectorAll(".copy, .unseen, script, style")) part.remove();
    for (const part of copy.querySelectorAll("time[datetime]")) part.textContent = ` ${part.dateTime} `;
    for (const part of copy.querySelectorAll("code[data-copy]")) part.textContent = ` ${part.dataset.copy} `;
    for (const part of copy.querySelectorAll("code.value[title]")) part.textContent = part.title;
    for (const part of copy.querySelectorAll("p, div, li, dt, dd, br, .age, .aspect, .flag, .kind, .exempt, .says")) {
      part.before(" ");
      part.after(" ");
    }
    return copy.textContent.replace(/\s+/g, " ").trim();
  };

  // A spreadsheet takes these beginnings for a formula; an apostrophe makes it a text.
  const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
  const csvCell = (text) => {
    const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
    return /[",\r\n;]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const csvText = (rows) => rows.map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");

  const fileName = (text) =>
    `${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "table"}.csv`;

  const download = (name, text) => {
    // The mark at the start tells spreadsheets that it is UTF-8.
    const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
    const way = element("a", { href: url, download: fileName(name) });
    document.body.append(way);
    way.click();
    way.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  Object.assign(globalThis.assay, { csvText, download, count });

  /* One table: which rows match, in which order, and which of them are shown. */

  class Ledger {
    constructor(table) {
      this.table = table;
      this.body = table.tBodies[0];
      this.order = [...this.body.rows];
      this.matching = this.order;
      this.page = 0;
      this.whole = this.order.length <= PAGE;
      this.label = table.dataset.filter || table.caption?.textContent.trim() || "";
    }

    show() {
      const from = this.whole ? 0 : this.page * PAGE;
      const to = this.whole ? Infinity : from + PAGE;
      const shown = new Set(this.matching);
      let at = 0;
      for (const row of this.order) {
        row.hidden = !shown.has(row);
        const off = !row.hidden && (at < from || at >= to);
        // Only off the screen: paper shows every page.
        if (row.classList.contains("off-page") !== off) row.classList.toggle("off-page", off);
        if (!row.hidden) at += 1;
      }
      this.turned?.();
    }

    reveal(row) {
      const at = this.matching.indexOf(row);
      if (at < 0 || this.whole) return;
      this.page = Math.floor(at / PAGE);
      this.show();
    }
  }

  const makeSortable = (ledger) => {
    const heads = [...ledger.table.tHead.rows[0].cells];
    if (ledger.order.length < 2) return;
    heads.forEach((head, column) => {
      if (!head.textContent.trim()) return;
      const button = element("button", { type: "button" }, ...head.childNodes);
      button.addEventListener("click", () => {
        const ascending = head.getAttribute("aria-sort") !== "ascending";
        for (const other of heads) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        const sign = ascending ? 1 : -1;
        const rows = ledger.order.map((row, index) => ({ row, index, key: sortKey(row, column) }));
        rows.sort((a, b) => {
          const last = (a.key.rank === NOTHING) - (b.key.rank === NOTHING);
          return last || sign * compare(a.key, b.key) || a.index - b.index;
        });
        const shown = new Set(ledger.matching);
        ledger.order = rows.map(({ row }) => row);
        ledger.matching = ledger.order.filter((row) => shown.has(row));
        ledger.page = 0;
        ledger.body.append(...ledger.order);
        ledger.show();
      });
      head.replaceChildren(button);
    });
  };

  const makeFilter = (ledger, tools) => {
    const texts = new Map();
    const textOf = (row) => {
      if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
      return texts.get(row);
    };
    const input = element("input", { type: "search", placeholder: t("Filter these rows") });
    input.setAttribute("aria-label", t("Filter: {label}", { label: ledger.label }));
    const status = element("span");
    status.setAttribute("aria-live", "polite");
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      ledger.matching = ledger.order.filter((row) => words.every((word) => textOf(row).includes(word)));
      ledger.page = 0;
      ledger.show();
      const values = { some: count(ledger.matching.length), all: count(ledger.order.length) };
      status.textContent = words.length ? t("{some} of {all} rows", values) : "";
    });
    tools.append(input, status);
  };

  const makeDownload = (ledger, tools) => {
    const button = element("button", { type: "button", className: "take" }, t("CSV"));
    const label = ledger.label ? t("Download as CSV: {label}", { label: ledger.label }) : t("Download as CSV");
    button.title = label;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", () => {
      const heads = [...ledger.table.tHead.rows[0].cells].map(cellText);
      const rows = ledger.matching.map((row) => heads.map((_, column) => cellText(row.cells[column])));
      download(ledger.table.dataset.csv || ledger.label, csvText([heads, ...rows]));
    });
    tools.append(button);
  };

  const makePages = (ledger) => {
    const earlier = element("button", { type: "button" }, t("‹ Previous 100"));
    const later = element("button", { type: "button" }, t("Next 100 ›"));
    const every = element("button", { type: "button" }, t("Show all {number}", { number: count(ledger.order.length) }));
    const place = element("span");
    place.setAttribute("aria-live", "polite");
    const pages = element("nav", { className: "turns" }, earlier, place, later, every);
    pages.setAttribute("aria-label", t("Pages: {label}", { label: ledger.label }));
    const turn = (by) => {
      ledger.page += by;
      ledger.show();
      ledger.table.closest(".sheet").scrollIntoView({ block: "nearest" });
    };
    earlier.addEventListener("click", () => turn(-1));
    later.addEventListener("click", () => turn(1));
    every.addEventListener("click", () => { ledger.whole = !ledger.whole; ledger.page = 0; ledger.show(); });
    ledger.turned = () => {
      const total = ledger.matching.length;
      const from = ledger.page * PAGE;
      const to = ledger.whole ? total : Math.min(from + PAGE, total);
      earlier.disabled = ledger.whole || ledger.page === 0;
      later.disabled = ledger.whole || to >= total;
      every.textContent = ledger.whole ? t("Show 100 at a time") : t("Show all {number}", { number: count(total) });
      pages.hidden = total <= PAGE;
      const values = { from: count(total ? from + 1 : 0), to: count(to), total: count(total) };
      place.textContent = ledger.whole ? t("All {total}", values) : t("{from} to {to} of {total}", values);
    };
    ledger.table.closest(".sheet").after(pages);
  };

  const toTarget = (ledgers) => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const row = target && target.closest("tr.off-page");
    if (!row) return;
    ledgers.find(({ body }) => body === row.parentElement)?.reveal(row);
    target.scrollIntoView();
  };

  // Heads stay in sight where the table needs no scrolling of its own, which would hold them inside.
  const LEAST_HELD = 15;
  const holdHeads = (ledger) => {
    const sheet = ledger.table.closest(".sheet");
    if (ledger.order.length < LEAST_HELD) return;
    const measure = () => {
      const header = document.querySelector(".md-header");
      sheet.style.setProperty("--assay-above", `${header ? header.getBoundingClientRect().height : 0}px`);
      sheet.classList.toggle("held", ledger.table.offsetWidth <= sheet.clientWidth);
    };
    new ResizeObserver(measure).observe(sheet);
  };

  const make = (table) => {
    if (!table.tHead || table.tBodies.length !== 1 || table.closest("[data-plain-table]")) return null;
    const ledger = new Ledger(table);
    const sheet = table.closest(".sheet");
    if ("sortable" in table.dataset) makeSortable(ledger);
    if (!sheet) return ledger;
    const tools = element("div", { className: "filter" });
    const filtered = "filter" in table.dataset && ledger.order.length >= LEAST_FILTERED;
    if (filtered) makeFilter(ledger, tools);
    if (filtered || "csv" in table.dataset) makeDownload(ledger, tools);
    // A field stands above what it narrows; a button alone takes no room there.
    if (filtered) sheet.before(tools);
    else if (tools.childNodes.length) sheet.after(tools);
    if (!ledger.whole) {
      makePages(ledger);
      ledger.show();
    }
    holdHeads(ledger);
    return ledger;
  };

  // For tables that a script draws after the page was made ready.
  globalThis.assay.makeTable = make;

  const ledgers = [...document.querySelectorAll("table.ledger")].map(make).filter(Boolean);
  addEventListener("hashchange", () => toTarget(ledgers));
  toTarget(ledgers);
})();
