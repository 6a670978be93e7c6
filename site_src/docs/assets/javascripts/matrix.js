/* The matrix at any date. The table that the page came with is the newest state; this puts an older one in its place. */
(() => {
  "use strict";

  const { t, element, number, span, between, moment, link, address, settle, later, latest, broken, stepwise } = globalThis.assayPast;
  const collator = new Intl.Collator("en", { numeric: true });
  const STANDINGS = {
    equal: t("as upstream"), behind: t("waits"), ahead: t("ahead"), differs: t("differs"), alone: t("only here"),
  };

  const inOrder = (left, right) => (left < right ? -1 : Number(left > right));

  const standingMark = (standing) => (
    standing ? element("span", { className: `standing standing-${standing}` }, STANDINGS[standing]) : "");

  /* What one component is in one environment at the chosen time. */
  const cellOf = (column, upstream, id) => {
    const found = column.state.components.get(id);
    if (!found) return null;
    const setBy = column.history.deployments[found.since];
    const isComponent = found.role === "component";
    const same = upstream?.state.components.get(id)?.digest === found.digest;
    const resource = !upstream?.state.components.has(id) ? "alone" : same ? "equal" : "differs";
    const compared = upstream && upstream.state.components.size > 0;
    const standing = !compared ? "" : isComponent ? globalThis.assayHistory.standing(found, upstream.state) : resource;
    return { found, setBy, standing, version: found.version };
  };

  const rowsOf = (columns, wanted) => {
    const kinds = new Map();
    for (const { state } of columns) {
      for (const [id, one] of state.components) if ((one.role === "component") === wanted) kinds.set(id, one.kind);
    }
    const mixed = new Set(kinds.values()).size > 1;
    const upstreams = columns.map((column) => columns.find(({ name }) => name === column.upstream));
    return [...kinds.keys()].sort(inOrder).map((id) => {
      const cells = columns.map((column, at) => cellOf(column, upstreams[at], id));
      const differs = cells.some((cell) => cell && cell.standing && cell.standing !== "equal")
        || (cells.some((cell) => !cell) && cells.some(Boolean));
      const text = [id, kinds.get(id), ...cells.map((cell) => cell?.version ?? "")].join(" ").toLowerCase();
      return { id, kind: mixed ? kinds.get(id) : "", cells, differs, text };
    });
  };

  class Matrix {
    constructor(page) {
      this.page = page;
      this.root = page.dataset.root;
      this.asOf = page.dataset.asOf;
      this.controls = page.querySelector(".past-controls");
      this.sort = { column: 0, ascending: true };
      this.show = latest((current) => this.#show(current));
    }

    async start() {
      const environments = await globalThis.assayHistory.environments();
      const histories = await Promise.all(environments.map(({ name }) => globalThis.assayHistory.load(name)));
      this.environments = environments.map((one, at) => ({ ...one, history: histories[at] }));
      this.pages = await globalThis.assayHistory.componentPages();
      this.#makeControls();
      this.#follow();
      addEventListener("hashchange", () => this.#follow());
      this.controls.hidden = false;
    }

    /* Times at which anything was deployed, or only in the environment that one steps through. */
    #moments() {
      const name = this.stepped.value;
      const times = this.environments.filter((one) => !name || one.name === name)
        .flatMap(({ history }) => history.deployments.map(({ at }) => at));
      return [...new Set(times.filter(Boolean))].sort();
    }

    #makeControls() {
      const button = (text, act) => {
        const made = element("button", { type: "button" }, text);
        made.addEventListener("click", act);
        return made;
      };
      this.back = button(t("‹ Previous deployment"), () => this.#step(-1));
      this.forth = button(t("Next deployment ›"), () => this.#step(1));
      this.newest = button(t("Newest"), () => this.#choose(""));
      this.time = element("input", { type: "datetime-local", step: "1" });
      this.slider = element("input", { type: "range", min: "0", className: "past-slider" });
      this.slider.setAttribute("aria-label", t("Date, from the first deployment to the last"));
      const names = this.environments.filter((one) => one.deployments).map(({ name }) => element("option", { value: name }, name));
      this.stepped = element("select", {}, element("option", { value: "" }, t("every environment")), ...names);
      this.words = element("input", { type: "search", placeholder: t("Component, version") });
      this.words.setAttribute("aria-label", t("Filter components"));
      this.only = element("input", { type: "checkbox" });
      this.status = element("p", { className: "past-status", ariaLive: "polite" });
      this.count = element("span", { ariaLive: "polite" });
      this.ends = [element("span"), element("span")];
      this.controls.replaceChildren(
        element("div", { className: "filter" },
          element("label", {}, t("At (UTC)"), " ", this.time), this.back, this.forth, this.newest,
          element("label", {}, t("Step through"), " ", this.stepped)),
        element("div", { className: "past-range" }, this.slider, element("div", { className: "past-ends" }, ...this.ends)),
        this.status,
        element("div", { className: "filter" }, this.words, element("label", { className: "past-only" }, this.only, " ", t("Only what differs")), this.count));
      this.stepped.addEventListener("change", () => { this.#measure(); this.#place(); });
      this.slider.addEventListener("input", later(() => this.#choose(this.moments[Number(this.slider.value)])));
      this.time.addEventListener("change", () => {
        // A field holds no zone; without one a time is of UTC here, as everywhere in the report.
        if (this.time.value) this.#choose(new Date(`${this.time.value}Z`).toISOString().replace(".000Z", "Z"));
      });
      this.words.addEventListener("input", later(() => this.#draw()));
      this.only.addEventListener("change", () => this.#draw());
      this.#measure();
    }

    #measure() {
      this.moments = this.#moments();
      this.slider.max = String(Math.max(0, this.moments.length - 1));
      this.slider.disabled = this.moments.length < 2;
      [this.moments[0], this.moments.at(-1)].forEach((at, end) => { this.ends[end].textContent = at ? at.slice(0, 10) : ""; });
    }

    /* Index of the last moment at or before the chosen time. */
    #at() {
      return this.moments.findLastIndex((one) => one <= (this.chosen || this.asOf));
    }

    #step(by) {
      const here = this.#at();
      // From between two deployments, back leads to the one before, not over it.
      const exact = by > 0 || this.moments[here] === this.chosen || !this.chosen;
      const there = exact ? here + by : here;
      if (this.moments[there]) this.#choose(this.moments[there]);
    }

    #follow() {
      const asked = address().get("at") ?? "";
      const time = /^\d{4}-\d\d-\d\d$/.test(asked) ? `${asked}T23:59:59Z` : asked;
      this.#choose(Number.isNaN(Date.parse(time)) ? "" : new Date(time).toISOString().replace(/\.\d+Z$/, "Z"));
    }

    #choose(time) {
      if (time === this.chosen) return;
      this.chosen = time;
      settle({ at: time });
      this.#place();
      this.show().catch((error) => broken(this.status, error));
    }

    #place() {
      const here = this.#at();
      this.slider.value = String(Math.max(0, here));
      this.slider.setAttribute("aria-valuetext", moment(this.chosen || this.asOf));
      this.time.value = (this.chosen || this.asOf).replace("Z", "");
      this.back.disabled = here < 0 || (here === 0 && this.moments[0] === (this.chosen || this.moments[0]));
      this.forth.disabled = here >= this.moments.length - 1;
      this.newest.disabled = !this.chosen;
    }

    async #show(current) {
      const at = this.chosen;
      const columns = await Promise.all(this.environments.map(async (one) => {
        const index = at ? one.history.indexAt(at) : one.history.deployments.length - 1;
        return { ...one, index, state: await one.history.stateAt(index) };
      }));
      if (!current()) return;
      this.seen = at || this.asOf;
      this.columns = columns.filter(({ state }) => state.components.size > 0);
      this.rows = rowsOf(this.columns, true);
      this.others = rowsOf(this.columns, false);
      this.#tell(columns);
      this.#draw();
    }

    #tell(columns) {
      const newest = columns.filter(({ index, history }) => index >= 0 && history.deployments[index].at)
        .map(({ index, history }) => history.deployments[index]).sort((a, b) => inOrder(b.at, a.at));
      const first = this.environments.map((one) => one.first).filter(Boolean).sort()[0];
      this.status.replaceChildren();
      if (!newest.length) {
        this.status.append(t("Nothing was deployed yet at {time}. The first deployment is of {first}.", { time: moment(this.seen), first: moment(first) }));
        return;
      }
      const together = newest.filter(({ at }) => at === newest[0].at);
      this.status.append(element("b", {}, moment(this.seen)), this.chosen ? ". " : ` ${t("(the time of this report)")}. `, t("Last deployed:"), " ");
      together.forEach((one, at) => this.status.append(at ? ", " : "", link(this.root, one), ` (${t(one.kind)})`));
      this.status.append(` ${this.#ago(newest[0].at)}. `, ...this.#comparisons());
    }

    /* Each production environment beside its upstream, at the same time. */
    #comparisons() {
      const at = this.chosen ? `@${this.chosen}` : "";
      return this.columns.filter(({ production, upstream }) => production && this.columns.some(({ name }) => name === upstream))
        .flatMap(({ name, upstream }) => [" ", element("a", { href: `compare.html#a=${encodeURIComponent(upstream + at)}&b=${encodeURIComponent(name + at)}` },
          t("Compare {upstream} and {environment} then", { upstream, environment: name }))]);
    }

    #ago(at) {
      const seconds = between(at, this.seen);
      if (seconds === 0) return t("at that moment");
      return seconds < 0 ? t("{span} later", { span: span(-seconds) }) : t("{span} before", { span: span(seconds) });
    }

    #draw() {
      const main = this.page.querySelector(".past-main");
      main.replaceChildren(this.columns.length ? this.#table(this.rows, t("Components"), true) : "");
      const others = this.page.querySelector(".past-others");
      others.hidden = this.others.length === 0;
      others.querySelector("summary").textContent = t("Exposures and resources ({number})", { number: number(this.others.length) });
      this.#drawOthers(others);
      this.#tellCount();
    }

    /* There may be thousands of them, and most readers never look. */
    #drawOthers(others) {
      const place = others.querySelector(".past-table");
      place.replaceChildren();
      others.ontoggle = () => {
        if (!others.open || place.firstChild) return;
        place.append(this.#table(this.others, t("Exposures and resources"), false));
      };
      others.ontoggle();
    }

    #table(rows, label, sorts) {
      const names = [{ text: t("Component") }, ...this.columns.map((column) => ({ text: column.name, column }))];
      const heads = names.map(({ text, column }, at) => {
        const button = sorts ? element("button", { type: "button" }, text) : text;
        const head = element("th", { scope: "col" }, button);
        if (column) head.append(this.#headOf(column));
        if (sorts) {
          if (this.sort.column === at) head.setAttribute("aria-sort", this.sort.ascending ? "ascending" : "descending");
          button.addEventListener("click", () => this.#sortBy(at));
        }
        return head;
      });
      const body = element("tbody");
      const table = element("table", { className: "ledger matrix" }, element("caption", { className: "unseen" }, label),
        element("thead", {}, element("tr", {}, ...heads)), body);
      const sheet = element("div", { className: "sheet", tabIndex: 0 }, table);
      sheet.setAttribute("role", "region");
      sheet.setAttribute("aria-label", label);
      stepwise(this.#sorted(rows.filter(this.#passes()), sorts), (row) => this.#row(row), body, sheet);
      return sheet;
    }

    #headOf({ name, production, history, index }) {
      const last = history.deployments[index];
      const word = production && !name.toLowerCase().includes("prod") ? element("span", { className: "aspect" }, ` ${t("production")}`) : "";
      return element("span", {}, word, element("span", { className: "age" }, link(this.root, last), last.at ? ` ${this.#ago(last.at)}` : ""));
    }

    #sortBy(column) {
      this.sort = { column, ascending: this.sort.column === column ? !this.sort.ascending : true };
      this.#draw();
      this.page.querySelectorAll(".past-main thead button")[column].focus();
    }

    #sorted(rows, sorts) {
      if (!sorts) return rows;
      const { column, ascending } = this.sort;
      const key = (row) => (column ? row.cells[column - 1]?.version ?? "" : row.id);
      const found = column || !ascending ? [...rows].sort((a, b) => collator.compare(key(a), key(b))) : rows;
      return ascending ? found : found.reverse();
    }

    #row(row) {
      const page = this.pages.get(row.id);
      const name = page ? element("a", { href: this.root + page }, row.id) : row.id;
      const kind = row.kind ? element("span", { className: "aspect" }, ` ${row.kind}`) : "";
      return element("tr", {}, element("th", { scope: "row" }, name, kind), ...row.cells.map((cell) => this.#cell(cell)));
    }

    #cell(cell) {
      if (!cell) return element("td", { className: "cell" }, element("span", { className: "absent" }, t("absent")));
      const { found, setBy, standing, version } = cell;
      const artifact = found.artifacts.map(({ value }) => value).join(", ");
      const way = link(this.root, setBy, version || t("present"));
      way.title = [artifact, setBy.id].filter(Boolean).join(" · ");
      const age = setBy.at ? between(setBy.at, this.seen) : null;
      const words = age === null ? t("time unknown") : span(Math.max(0, age));
      const when = element("span", { className: "age", title: moment(setBy.at) }, words);
      return element("td", { className: `cell cell-${standing || "first"}` }, way, standing ? " " : "", standingMark(standing), when);
    }

    #passes() {
      const words = this.words.value.toLowerCase().split(/\s+/).filter(Boolean);
      return (row) => (!this.only.checked || row.differs) && words.every((word) => row.text.includes(word));
    }

    #tellCount() {
      const seen = this.rows.filter(this.#passes()).length;
      const values = { seen: number(seen), all: number(this.rows.length) };
      this.count.textContent = seen < this.rows.length ? t("{seen} of {all} components", values) : t("{all} components", values);
    }
  }

  for (const page of document.querySelectorAll(".matrix-page")) {
    new Matrix(page).start().catch((error) => {
      const controls = page.querySelector(".past-controls");
      controls.hidden = false;
      broken(controls, error);
    });
  }
})();
