/* The filter of the page Releases: all releases by words, component, kind, mark, environment and month, sorted, a hundred
   at a time. What is asked for stands in the address, so that it can be sent around. The table of all releases, in
   columns, oldest first (generator/site/finding/release_table.py), is loaded when someone first asks. */
(() => {
  "use strict";

  const { t, element, load, numbers, signed, moment, kind, flag, root, csvText, download, count } = globalThis.assay;
  const PAGE = 100;
  const MOST_OFFERED = 1000;
  // Minutes from the year 1, in which the table counts, to 1970.
  const TO_1970 = 62135596800 / 60;

  const sums = (list) => {
    let sum = 0;
    return list.map((step) => (sum += step));
  };

  // A list of lists of words, flat: those of row i stand in `flat` from starts[i] up to starts[i + 1]. A word that comes
  // for the first time is told by 0: it is the next of all words.
  const rowsOfWords = (text, rows) => {
    const all = numbers(text);
    const starts = new Uint32Array(rows + 1);
    const flat = new Uint32Array(all.length - rows);
    let at = 0;
    let to = 0;
    let next = 0;
    for (let row = 0; row < rows; row += 1) {
      const length = all[at];
      for (let word = 1; word <= length; word += 1) {
        const told = all[at + word];
        flat[to + word - 1] = told ? told - 1 : next;
        if (!told) next += 1;
      }
      at += length + 1;
      to += length;
      starts[row + 1] = to;
    }
    return { starts, flat };
  };

  const unpack = (data) => {
    const minutes = sums(signed(data.minute));
    return {
      ...data,
      environment: numbers(data.environment),
      sequence: sums(signed(data.sequence)),
      minutes,
      iso: (row) => (minutes[row] ? new Date((minutes[row] - 1 - TO_1970) * 60_000).toISOString().replace(/\.\d+Z$/, "Z") : ""),
      kind: numbers(data.kind),
      flag: numbers(data.flag),
      componentNames: data.componentWords.split("\n"),
      components: rowsOfWords(data.components, data.count),
      words: data.verdictWords.split("\n"),
      verdicts: rowsOfWords(data.verdicts, data.count),
    };
  };

  const textOf = (words, { starts, flat }, row) => {
    const found = [];
    for (let at = starts[row]; at < starts[row + 1]; at += 1) found.push(words[flat[at]]);
    return found;
  };

  const anyOf = ({ starts, flat }, hits, row) => {
    for (let at = starts[row]; at < starts[row + 1]; at += 1) if (hits[flat[at]]) return true;
    return false;
  };

  const hitsOf = (words, matches) => Uint8Array.from(words, (word) => (matches(word.toLowerCase()) ? 1 : 0));

  const nameOf = (data, row) => {
    const name = data.tags[row] ?? String(data.sequence[row]);
    if (data.environments.length < 2) return t("Release {name}", { name });
    return t("Release {name} of {environment}", { name, environment: data.environments[data.environment[row]] });
  };

  const pageOf = (data, row) =>
    root + (data.pages[row] ?? data.patterns[data.environment[row]].replaceAll("{n}", data.sequence[row]));

  // First minutes of the months asked for, as the table counts them: [from, to), 0 and Infinity where open.
  const months = (from, to) => {
    const minute = (month, later) => {
      const [year, index] = month.split("-").map(Number);
      return Date.UTC(year, index - 1 + later, 1) / 60_000 + TO_1970 + 1;
    };
    return [from ? minute(from, 0) : 0, to ? minute(to, 1) : Infinity];
  };

  const select = (data, asked) => {
    const kindAt = asked.kind ? data.kinds.indexOf(asked.kind) : null;
    const environmentAt = asked.environment ? data.environments.indexOf(asked.environment) : null;
    const mask = asked.flag ? 1 << data.flags.indexOf(asked.flag) : 0;
    const [from, to] = months(asked.from, asked.to);
    const component = asked.component.toLowerCase();
    const exact = data.componentNames.some((name) => name.toLowerCase() === component);
    const components = component
      && hitsOf(data.componentNames, (name) => (exact ? name === component : name.includes(component)));
    const words = asked.q.toLowerCase().split(/\s+/).filter(Boolean).map((word) => ({
      word,
      verdicts: hitsOf(data.words, (text) => text.includes(word)),
      components: hitsOf(data.componentNames, (text) => text.includes(word)),
      environments: hitsOf(data.environments, (text) => text.includes(word)),
      flags: hitsOf(data.flags, (text) => text.includes(word)),
      kinds: hitsOf(data.kinds, (text) => text.includes(word)),
    }));
    const isNamed = (row, word) =>
      String(data.sequence[row]) === word || data.tags[row]?.toLowerCase().includes(word);
    const found = [];
    for (let row = data.count - 1; row >= 0; row -= 1) {
      if (kindAt !== null && data.kind[row] !== kindAt) continue;
      if (environmentAt !== null && data.environment[row] !== environmentAt) continue;
      if (mask && !(data.flag[row] & mask)) continue;
      const minute = data.minutes[row];
      if ((asked.from || asked.to) && (!minute || minute < from || minute >= to)) continue;
      if (components && !anyOf(data.components, components, row)) continue;
      const all = words.every((one) => one.environments[data.environment[row]] || one.kinds[data.kind[row]]
        || isNamed(row, one.word) || anyOf(data.components, one.components, row)
        || anyOf(data.verdicts, one.verdicts, row)
        || data.flags.some((_, at) => one.flags[at] && data.flag[row] & (1 << at)));
      if (all) found.push(row);
    }
    return found;
  };

  const sorted = (data, rows, order) => {
    if (order === "oldest") return rows.reverse();
    if (order === "kind") return rows.sort((a, b) => data.kind[a] - data.kind[b] || b - a);
    if (order === "changes") {
      const size = (row) => data.components.starts[row + 1] - data.components.starts[row];
      return rows.sort((a, b) => size(b) - size(a) || b - a);
    }
    return rows;
  };

  const drawn = (data, row) => {
    const cell = (label, ...children) => {
      const made = element("td", {}, ...children);
      made.dataset.label = label;
      return made;
    };
    const link = element("a", { href: pageOf(data, row) }, nameOf(data, row));
    const marks = data.flags.filter((_, at) => data.flag[row] & (1 << at)).flatMap((name) => [" ", flag(name)]);
    const what = cell(t("What happened"), textOf(data.words, data.verdicts, row).join(" "));
    what.className = "wide";
    const head = element("th", { scope: "row" }, link);
    return element("tr", {}, head, cell(t("When"), moment(data.iso(row))),
      cell(t("Kind"), kind(data.kinds[data.kind[row]]), ...marks), what);
  };

  const taken = (data, rows) => {
    const heads = [t("Release"), t("Environment"), t("Number"), t("When"), t("Kind"), t("Marks"), t("Components"), t("What happened")];
    const lines = rows.map((row) => [
      nameOf(data, row), data.environments[data.environment[row]], String(data.sequence[row]), data.iso(row),
      data.kinds[data.kind[row]], data.flags.filter((_, at) => data.flag[row] & (1 << at)).join(" "),
      textOf(data.componentNames, data.components, row).join(" "), textOf(data.words, data.verdicts, row).join(" "),
    ]);
    return csvText([heads, ...lines]);
  };

  /* Controls. Each stands for one part of what is asked; the address holds those that are set. */

  const NAMES = ["q", "component", "kind", "flag", "environment", "from", "to", "order"];
  const options = (every, names, shown = (name) => t(name)) =>
    [element("option", { value: "" }, every), ...names.map((name) => element("option", { value: name }, shown(name)))];
  const labelled = (control, label) => {
    control.setAttribute("aria-label", label);
    return control;
  };

  const makeControls = (place) => {
    const environments = JSON.parse(place.dataset.environments);
    const names = (text) => (text ? text.split(" ") : []);
    const offered = element("datalist", { id: "finder-components" });
    const component = element("input", { type: "search", placeholder: t("Component"), autocomplete: "off" });
    component.setAttribute("list", offered.id);
    const controls = {
      q: labelled(element("input", { type: "search", placeholder: t("Version, words") }), t("Words of releases")),
      component: labelled(component, t("Component")),
      kind: labelled(element("select", {}, ...options(t("every kind"), names(place.dataset.kinds))), t("Kind")),
      flag: labelled(element("select", {}, ...options(t("any mark"), names(place.dataset.flags))), t("Mark")),
      environment: labelled(element("select", {}, ...options(
        t("every environment"), environments, (name) => name)), t("Environment")),
      from: labelled(element("input", { type: "month", placeholder: "2026-01" }), t("From month")),
      to: labelled(element("input", { type: "month", placeholder: "2026-12" }), t("To month")),
      order: labelled(element("select", {}, element("option", { value: "" }, t("newest first")),
        element("option", { value: "oldest" }, t("oldest first")), element("option", { value: "kind" }, t("by kind")),
        element("option", { value: "changes" }, t("most components first"))), t("Order")),
    };
    controls.environment.hidden = environments.length < 2;
    return { controls, offered };
  };

  const isMonth = (text) => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);

  class Finder {
    constructor(place) {
      Object.assign(this, makeControls(place));
      this.place = place;
      this.rest = document.querySelector("[data-finder-rest]");
      this.page = 1;
      this.rows = [];
      this.status = element("span");
      this.status.setAttribute("aria-live", "polite");
      this.clear = element("button", { type: "button", hidden: true }, t("Show all"));
      this.take = element("button", { type: "button", className: "take", hidden: true, title: t("Download these as CSV") }, t("CSV"));
      const { from, to } = this.controls;
      const fields = NAMES.filter((name) => !["from", "to"].includes(name)).map((name) => this.controls[name]);
      const period = [element("label", {}, t("from"), " ", from), element("label", {}, t("to"), " ", to)];
      const filter = element("div", { className: "filter" }, ...fields.slice(0, -1), ...period, fields.at(-1),
        this.offered, this.clear, this.take, this.status);
      filter.setAttribute("role", "search");
      filter.setAttribute("aria-label", t("Filter all releases"));
      place.append(filter, this.makeFound());
      place.hidden = false;
      this.listen();
    }

    makeFound() {
      this.body = element("tbody");
      const titles = [t("Release"), t("When"), t("Kind"), t("What happened")];
      const heads = element("tr", {}, ...titles.map((title) => element("th", { scope: "col" }, title)));
      const caption = element("caption", { className: "unseen" }, t("Releases found"));
      const table = element("table", { className: "ledger stack" }, caption, element("thead", {}, heads), this.body);
      this.earlier = element("button", { type: "button" }, t("‹ Previous 100"));
      this.later = element("button", { type: "button" }, t("Next 100 ›"));
      this.at = element("span");
      this.turns = element("nav", { className: "turns" }, this.earlier, this.at, this.later);
      this.turns.setAttribute("aria-label", t("Pages of what was found"));
      this.found = element("div", { hidden: true }, element("div", { className: "sheet", tabIndex: 0 }, table), this.turns);
      return this.found;
    }

    listen() {
      let waiting;
      const soon = () => { clearTimeout(waiting); waiting = setTimeout(() => this.ask(), 60); };
      for (const name of NAMES) {
        this.controls[name].addEventListener("input", () => { this.page = 1; soon(); });
      }
      const turn = (by) => { this.page += by; this.draw(); this.place.scrollIntoView({ block: "start" }); };
      this.earlier.addEventListener("click", () => turn(-1));
      this.later.addEventListener("click", () => turn(1));
      this.clear.addEventListener("click", () => {
        for (const name of NAMES) this.controls[name].value = "";
        this.page = 1;
        this.ask();
        this.controls.q.focus();
      });
      this.take.addEventListener("click", () => download(t("releases"), taken(this.data, this.rows)));
      this.controls.component.addEventListener("focus", () => this.ready().catch(() => {}), { once: true });
      addEventListener("hashchange", () => this.read());
      this.read();
    }

    asked() {
      const found = Object.fromEntries(NAMES.map((name) => [name, this.controls[name].value.trim()]));
      for (const name of ["from", "to"]) if (!isMonth(found[name])) found[name] = "";
      return found;
    }

    read() {
      const hash = location.hash.slice(1);
      if (hash === this.written) return;
      // Other fragments are places in the page.
      if (hash && !hash.includes("=")) return;
      const values = new URLSearchParams(hash);
      for (const name of NAMES) this.controls[name].value = values.get(name) ?? "";
      this.page = Math.max(1, Math.floor(Number(values.get("page"))) || 1);
      this.ask();
    }

    write(asked) {
      const values = new URLSearchParams();
      for (const name of NAMES) if (asked[name]) values.set(name, asked[name]);
      if (this.page > 1) values.set("page", this.page);
      const hash = values.toString();
      this.written = hash;
      if (hash === location.hash.slice(1) || (!hash && !location.hash.includes("="))) return;
      history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
    }

    async ready() {
      if (this.data) return;
      await load(new URL(this.place.dataset.releases, location.href).href);
      this.data = unpack(globalThis.assayReleases);
      const names = [...this.data.componentNames].sort().slice(0, MOST_OFFERED);
      this.offered.append(...names.map((name) => element("option", { value: name })));
    }

    async ask() {
      const asked = this.asked();
      this.write(asked);
      const active = NAMES.some((name) => asked[name]);
      this.found.hidden = !active;
      this.rest.hidden = active;
      this.clear.hidden = !active;
      this.take.hidden = !active;
      this.latest = asked;
      if (!active) {
        this.status.textContent = "";
        return;
      }
      try {
        await this.ready();
      } catch (fault) {
        this.status.textContent = fault.message;
        return;
      }
      if (this.latest !== asked) return;
      this.rows = sorted(this.data, select(this.data, asked), asked.order);
      this.draw();
    }

    draw() {
      const total = this.rows.length;
      const pages = Math.max(1, Math.ceil(total / PAGE));
      this.page = Math.min(this.page, pages);
      const from = (this.page - 1) * PAGE;
      const shown = this.rows.slice(from, from + PAGE);
      this.body.replaceChildren(...shown.map((row) => drawn(this.data, row)));
      this.status.textContent = t("{some} of {all} releases", { some: count(total), all: count(this.data.count) });
      this.turns.hidden = pages === 1;
      this.earlier.disabled = this.page === 1;
      this.later.disabled = this.page === pages;
      this.at.textContent = t("{from} to {to} of {total}",
        { from: count(from + 1), to: count(from + shown.length), total: count(total) });
      this.found.hidden = total === 0;
      this.write(this.latest);
    }
  }

  document.querySelectorAll(".finder").forEach((place) => new Finder(place));
})();
