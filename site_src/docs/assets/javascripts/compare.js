/* Any two versions beside each other. What the page came with stays until two others are chosen. */
(() => {
  "use strict";

  const { t, element, number, moment, link, address, settle, later, latest, broken, stepwise } = globalThis.assayPast;
  const MOST_LISTED = 60;
  const LONG = 160;
  const HEX = /^[0-9a-f]{4,64}$/;
  const DATE = /^\d{4}(-\d\d(-\d\d([T ]\d\d(:\d\d(:\d\d)?)?Z?)?)?)?$/;

  const timeOf = (text) => text.replace(" ", "T").replace("Z", "");

  /* The deployment of a history that a word means in an address, as the command line has it: a number, a date, the
     begin of a digest or of a commit, a tag; without any the newest. */
  const meant = async (history, word) => {
    const found = history.deployments;
    if (!word || word === "latest") return found.at(-1);
    if (/^\d{1,6}$/.test(word)) return found[Number(word) - 1];
    if (/^\d{4}-\d\d-\d\d/.test(word) && DATE.test(word)) return found[history.indexAt(timeOf(word))];
    const tagged = found.findLast(({ tags }) => tags.split(", ").includes(word));
    if (tagged || !HEX.test(word.toLowerCase())) return tagged;
    const short = word.toLowerCase().slice(0, 12);
    return (await history.named()).findLast(({ commit, digest }) => digest.startsWith(short) || commit.startsWith(short));
  };

  /* Deployments that go with what somebody wrote, the newest first, and why the first of them stands there. */
  const matching = async (history, text) => {
    const newestFirst = [...history.deployments].reverse();
    const word = text.trim().toLowerCase().replace(`${history.name.toLowerCase()}-`, "");
    if (!word) return { hits: newestFirst, first: null };
    if (DATE.test(word) && word.length > 4) {
      const time = timeOf(word.toUpperCase());
      const inForce = history.deployments[history.indexAt(time)];
      const dated = newestFirst.filter(({ at }) => at.startsWith(time));
      return { hits: [...new Set([inForce, ...dated].filter(Boolean))], first: inForce ?? null };
    }
    const plain = ({ id, kind, at, tags }) => `${id} ${kind} ${t(kind)} ${at} ${tags}`.toLowerCase();
    const exact = /^\d+$/.test(word) ? history.deployments[Number(word) - 1] : undefined;
    const named = HEX.test(word) ? await history.named() : [];
    const short = word.slice(0, 12);
    const prefixed = named.filter(({ commit, digest }) => commit.startsWith(short) || digest.startsWith(short)).reverse();
    const words = word.split(/\s+/);
    const others = newestFirst.filter((one) => words.every((part) => plain(one).includes(part)));
    return { hits: [...new Set([exact, ...prefixed, ...others].filter(Boolean))], first: null };
  };

  let made = 0;

  /* One side: an environment and one of its deployments, chosen from a list that follows what is written. */
  class Side {
    constructor(label, environments, chosen) {
      made += 1;
      this.environments = environments;
      this.tell = chosen;
      this.id = `past-list-${made}`;
      this.environment = element("select", {}, ...environments.map(({ name }) => element("option", { value: name }, name)));
      this.environment.setAttribute("aria-label", t("{side}: environment", { side: label }));
      this.words = element("input", { type: "text", autocomplete: "off", spellcheck: false, placeholder: t("Number, date, commit, digest, tag") });
      for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": this.id,
        "aria-autocomplete": "list", "aria-label": t("{side}: deployment", { side: label }) })) this.words.setAttribute(name, value);
      this.list = element("ul", { id: this.id, className: "past-list", hidden: true });
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", t("{side}: deployments", { side: label }));
      this.about = element("p", { className: "age past-about" });
      this.place = element("fieldset", { className: "past-side" }, element("legend", {}, label),
        this.environment, element("div", { className: "past-choice" }, this.words, this.list), this.about);
      this.fill = latest((current) => this.#fill(current));
      this.environment.addEventListener("change", () => this.#newest());
      this.words.addEventListener("focus", () => this.words.select());
      this.words.addEventListener("input", later(() => this.fill(), 60));
      this.words.addEventListener("click", () => this.fill());
      this.words.addEventListener("keydown", (event) => this.#key(event));
      this.words.addEventListener("blur", () => { this.#close(); this.#write(); });
    }

    get history() { return this.environments.find(({ name }) => name === this.environment.value).history; }

    set(history, deployment) {
      this.environment.value = history.name;
      this.deployment = deployment;
      this.#write();
    }

    #write() {
      this.words.value = this.deployment?.id ?? "";
      this.about.textContent = this.deployment
        ? [moment(this.deployment.at), t(this.deployment.kind), this.deployment.tags].filter(Boolean).join(" · ") : "";
    }

    #newest() {
      this.set(this.history, this.history.deployments.at(-1));
      this.tell();
    }

    #pick(deployment, history) {
      this.#close();
      this.set(history, deployment);
      this.tell();
    }

    #close() {
      this.list.hidden = true;
      this.words.setAttribute("aria-expanded", "false");
      this.words.removeAttribute("aria-activedescendant");
    }

    async #fill(current) {
      const text = this.words.value === this.deployment?.id ? "" : this.words.value;
      // Whoever writes a name in full means its environment, whichever is chosen.
      const other = this.environments.find(({ name }) => text.startsWith(`${name}@`) || /^-\d+$/.test(text.slice(name.length)) && text.startsWith(name));
      const history = other?.history ?? this.history;
      const { hits, first } = await matching(history, other ? text.slice(other.name.length + 1) : text);
      if (!current()) return;
      const options = hits.slice(0, MOST_LISTED).map((one, at) => {
        const why = one === first ? element("span", { className: "age" }, ` ${t("in force then")}`) : "";
        const option = element("li", { id: `${this.id}-${at}` }, element("b", {}, one.id), " ",
          element("span", { className: "age" }, [moment(one.at), t(one.kind), one.tags, one.commit].filter(Boolean).join(" · ")), why);
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", String(one === this.deployment));
        // Before the field loses the focus, which would close the list.
        option.addEventListener("mousedown", (event) => { event.preventDefault(); this.#pick(one, history); });
        Object.assign(option, { deployment: one, history });
        return option;
      });
      if (!options.length) options.push(element("li", { className: "past-none" }, t("No deployment goes with that.")));
      if (hits.length > MOST_LISTED) {
        options.push(element("li", { className: "past-none" }, t("{number} more: write on.", { number: number(hits.length - MOST_LISTED) })));
      }
      for (const none of options.filter((one) => !one.deployment)) none.setAttribute("role", "presentation");
      this.list.replaceChildren(...options);
      this.list.hidden = false;
      this.words.setAttribute("aria-expanded", "true");
      this.#mark(text ? 0 : Math.max(0, hits.slice(0, MOST_LISTED).indexOf(this.deployment)));
    }

    #mark(at) {
      const options = [...this.list.children].filter((one) => one.deployment);
      this.marked = Math.max(0, Math.min(options.length - 1, at));
      options.forEach((one, index) => one.classList.toggle("past-marked", index === this.marked));
      const here = options[this.marked];
      if (!here) return;
      this.words.setAttribute("aria-activedescendant", here.id);
      here.scrollIntoView({ block: "nearest" });
    }

    #key(event) {
      const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
      if (event.key in steps) {
        event.preventDefault();
        if (this.list.hidden) this.fill().catch(() => {});
        else this.#mark(this.marked + steps[event.key]);
      } else if (event.key === "Escape") {
        this.#close();
        this.#write();
      } else if (event.key === "Enter" && !this.list.hidden) {
        event.preventDefault();
        // What was just written may not be listed yet.
        this.fill().then(() => {
          const here = this.list.querySelector(".past-marked");
          if (here) this.#pick(here.deployment, here.history);
        });
      }
    }
  }

  const version = (component) => {
    if (!component) return element("span", { className: "absent" }, t("absent"));
    const title = component.artifacts.map(({ value }) => value).join(", ");
    return component.version ? element("code", { className: "value", title }, component.version) : t("present");
  };

  const shownValue = (text) => {
    if (text === null) return element("span", { className: "absent" }, t("absent"));
    if (!text) return element("span", { className: "absent" }, t("empty text"));
    const cut = text.length > LONG ? `${text.slice(0, LONG - 1)}…` : text;
    return element("code", { className: "value", title: cut === text ? "" : text }, cut);
  };

  const heads = (...names) => element("thead", {}, element("tr", {}, ...names.map((name) => element("th", { scope: "col" }, name))));

  const sheet = (label, ...children) => {
    const place = element("div", { className: "sheet", tabIndex: 0 }, ...children);
    place.setAttribute("role", "region");
    place.setAttribute("aria-label", label);
    return place;
  };

  /* Between two environments nothing was added: it stands in one of them only. */
  const markWords = (mark, [a, b]) => {
    if (mark === "changed") return t("changed");
    if (a.environment !== b.environment) return t("only in {environment}", { environment: mark === "added" ? b.environment : a.environment });
    return mark === "added" ? t("added") : t("removed");
  };

  const cell = (label, className, ...children) => {
    const made = element("td", { className }, ...children);
    made.dataset.label = label;
    return made;
  };

  const fieldsSummary = (fields) => {
    if (!fields.length) return t("only its names, ports, labels or references differ");
    const counts = new Map();
    for (const { aspect } of fields) counts.set(aspect, (counts.get(aspect) ?? 0) + 1);
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([aspect, count]) => `${number(count)} ${t(aspect)}`).join(", ");
  };

  const inCsv = (text) => {
    const safe = /^\s*[=+\-@＝＋－＠]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };

  class Compare {
    constructor(page) {
      this.page = page;
      this.root = page.dataset.root;
      this.controls = page.querySelector(".past-controls");
      this.result = page.querySelector(".compare-result");
      this.show = latest((current) => this.#show(current));
    }

    async start() {
      const environments = (await globalThis.assayHistory.environments()).filter(({ deployments }) => deployments);
      const histories = await Promise.all(environments.map(({ name }) => globalThis.assayHistory.load(name)));
      this.environments = environments.map((one, at) => ({ ...one, history: histories[at] }));
      this.pages = await globalThis.assayHistory.componentPages();
      this.sides = [t("First version"), t("Second version")].map((label) => (
        new Side(label, this.environments, () => this.#chosen())));
      this.#makeControls();
      // Links only where a script answers to them: without one they would lead nowhere.
      for (const quick of this.page.querySelectorAll("[data-address]")) {
        quick.replaceWith(element("a", { href: `#${quick.dataset.address}` }, quick.textContent));
      }
      addEventListener("hashchange", () => this.#follow());
      await this.#follow();
      this.controls.hidden = false;
    }

    #makeControls() {
      const button = (text, act) => {
        const one = element("button", { type: "button", className: "compare-act" }, text);
        one.addEventListener("click", act);
        return one;
      };
      const swap = button(t("⇄ Swap"), () => {
        const [one, other] = this.sides.map(({ history, deployment }) => ({ history, deployment }));
        this.sides[0].set(other.history, other.deployment);
        this.sides[1].set(one.history, one.deployment);
        this.#chosen();
      });
      this.download = button(t("Download as CSV"), () => this.#save().catch((error) => broken(this.status, error)));
      this.status = element("p", { className: "past-status", ariaLive: "polite" });
      this.controls.prepend(element("div", { className: "past-sides" }, this.sides[0].place,
        element("div", { className: "past-acts" }, swap, this.download), this.sides[1].place));
      this.controls.append(this.status);
    }

    /* The environment of a name in an address: `production-9`, `production@2026-03-01`, `production`. */
    async #find(spec) {
      const named = (name) => this.environments.find((one) => one.name === name)?.history;
      const whole = named(spec);
      if (whole) return { history: whole, deployment: await meant(whole, "") };
      const [, before, word] = spec.match(/^(.*)@([^@]*)$/) ?? spec.match(/^(.*)-(\d+)$/) ?? [];
      const history = named(before);
      return { history, deployment: history && await meant(history, word) };
    }

    async #follow() {
      const asked = ["a", "b"].map((key) => address().get(key) ?? "");
      const preset = new URLSearchParams(this.page.querySelector(".past-quick a")?.hash.slice(1));
      const last = this.environments.at(-1).name;
      const found = await Promise.all(asked.map(async (spec, at) => {
        const one = spec ? await this.#find(spec) : {};
        return one.deployment ? one : { ...await this.#find(preset.get("ab"[at]) || last), lost: spec };
      }));
      this.sides.forEach((side, at) => side.set(found[at].history, found[at].deployment));
      const lost = found.find((one) => one.lost);
      if (lost) {
        this.status.textContent = t("There is no version {name}.", { name: lost.lost });
        return;
      }
      if (asked.some(Boolean)) await this.#compare();
    }

    #chosen() {
      const [a, b] = this.sides.map(({ deployment }) => deployment.id);
      settle({ a, b });
      this.#compare();
    }

    #compare() {
      return this.show().catch((error) => broken(this.status, error));
    }

    #load() {
      return Promise.all(this.sides.map(({ history, deployment }) => history.stateAt(deployment.index)));
    }

    #take(states) {
      const found = globalThis.assayHistory.diff(...states);
      this.states = states;
      this.components = found.components.filter(({ mark }) => mark !== "same");
      this.connections = found.connections.filter(({ mark }) => mark !== "same");
      this.alike = found.components.length - this.components.length;
    }

    async #show(current) {
      const states = await this.#load();
      if (!current()) return;
      this.#take(states);
      this.page.querySelector(".compare-now").hidden = true;
      this.result.hidden = false;
      this.#tell();
      this.#draw();
    }

    #tell() {
      const own = this.components.filter(({ role }) => role === "component");
      const marked = (mark) => own.filter((one) => one.mark === mark).length;
      const [a, b] = this.states.map(({ environment }) => environment);
      const one = (count, forms) => (count ? forms({ number: number(count) })[count === 1 ? 0 : 1] : "");
      const only = (mark, environment) => one(marked(mark), ({ number: many }) => [
        t("{number} component only in {environment}", { number: many, environment }),
        t("{number} components only in {environment}", { number: many, environment }),
      ]);
      const sides = a === b ? [
        one(marked("added"), (values) => [t("{number} component added", values), t("{number} components added", values)]),
        one(marked("removed"), (values) => [t("{number} component removed", values), t("{number} components removed", values)]),
      ] : [only("removed", a), only("added", b)];
      const told = [
        one(marked("changed"), (values) => [t("{number} component differs", values), t("{number} components differ", values)]),
        ...sides,
        one(this.components.length - own.length, (values) => [
          t("{number} exposure or resource differs", values), t("{number} exposures and resources differ", values)]),
        one(this.connections.length, (values) => [t("{number} connection differs", values), t("{number} connections differ", values)]),
        one(this.alike, (values) => [t("{number} is the same", values), t("{number} are the same", values)]),
      ].filter(Boolean);
      const equal = !this.components.length && !this.connections.length;
      this.status.textContent = equal
        ? t("Equal: every component, field and connection is the same in both.") : `${told.join("; ")}.`;
    }

    #draw() {
      const [one, other] = this.states.map(({ deployment }) => deployment);
      const title = element("h2", {}, t("From {first} to {second}", { first: one.id, second: other.id }));
      const about = element("p", { className: "age" });
      [one, other].forEach((side, at) => about.append(at ? " · " : "", link(this.root, side), ` ${moment(side.at)}, ${t(side.kind)}`));
      const own = this.components.filter(({ role }) => role === "component");
      const others = this.components.filter(({ role }) => role !== "component");
      const isFirst = ({ mark, fields }) => mark !== "changed" || fields.some(({ aspect }) => aspect === "artifact");
      const first = own.filter(isFirst);
      const rest = own.filter((found) => !isFirst(found));
      this.result.replaceChildren(title, about,
        first.length ? this.#table(first, t("Component")) : "",
        rest.length ? element("h3", {}, t("The same version with other settings ({number})", { number: number(rest.length) })) : "",
        rest.length ? this.#table(rest, t("Component"), "beside-same") : "",
        others.length ? this.#folded(t("Exposures and resources ({number})", { number: number(others.length) }), () => this.#table(others, t("Exposure or resource"))) : "",
        this.connections.length ? this.#folded(t("Connections ({number})", { number: number(this.connections.length) }), () => this.#edges()) : "");
    }

    /* A part that is made when it is first opened. */
    #folded(summary, make) {
      const details = element("details", {}, element("summary", {}, summary));
      details.addEventListener("toggle", () => details.append(make()), { once: true });
      return details;
    }

    #table(found, label, className = "") {
      const [a, b] = this.states;
      const [nameA, nameB] = [a.deployment.id, b.deployment.id];
      const body = (one) => {
        const page = this.pages.get(one.id);
        const name = page ? element("a", { href: this.root + page }, one.id) : one.id;
        const row = element("tr", {}, element("th", { scope: "row" }, name, " ", element("span", { className: "aspect" }, one.kind)),
          cell(t("How"), "", this.#change(one.mark)), cell(nameA, "old", version(a.components.get(one.id))),
          cell(nameB, "new", version(b.components.get(one.id))));
        const made = element("tbody", {}, row);
        // One artifact is told by its two versions.
        const told = one.mark === "changed" && one.fields.length === 1 && one.fields[0].aspect === "artifact";
        const fields = one.fields.length && !told ? this.#folded(fieldsSummary(one.fields), () => this.#fields(one.fields)) : null;
        const none = one.mark === "changed" && !one.fields.length ? element("span", { className: "age" }, fieldsSummary([])) : null;
        if (fields ?? none) made.append(element("tr", { className: "beside-more" }, element("td", { colSpan: 4 }, fields ?? none)));
        return made;
      };
      const table = element("table", { className: `ledger beside stack ${className}` }, element("caption", { className: "unseen" }, label),
        heads(label, t("How"), nameA, nameB));
      const place = sheet(label, table);
      stepwise(found, body, table, place);
      return place;
    }

    #change(mark) {
      return element("span", { className: `change change-${mark}` }, markWords(mark, this.states));
    }

    #fields(fields) {
      // What runs comes first.
      const ordered = [...fields.filter(({ aspect }) => aspect === "artifact"), ...fields.filter(({ aspect }) => aspect !== "artifact")];
      const [a, b] = this.states.map(({ deployment }) => deployment.id);
      const rows = ordered.map(({ field, aspect, old, new: now }) => element("tr", {},
        element("th", { scope: "row" }, field, " ", element("span", { className: "aspect" }, t(aspect))),
        cell(a, "old", shownValue(old)), cell(b, "new", shownValue(now))));
      return element("table", { className: "ledger beside-fields stack" }, heads(t("Field"), a, b), element("tbody", {}, ...rows));
    }

    #edges() {
      const row = ({ source, target, port, mark, how, old, new: now }) => element("tr", {},
        element("th", { scope: "row" }, source), cell(t("To"), "", target), cell(t("Port"), "", port), cell(t("How"), "", this.#change(mark)),
        cell(t("Known by"), "", mark === "changed" ? `${t(old)} → ${t(now)}` : t(how)));
      const body = element("tbody");
      const place = sheet(t("Connections"), element("table", { className: "ledger stack" }, element("caption", { className: "unseen" }, t("Connections")),
        heads(t("From"), t("To"), t("Port"), t("How"), t("Known by")), body));
      stepwise(this.connections, row, body, place);
      return place;
    }

    async #save() {
      // What the page came with was never loaded.
      if (!this.states) this.#take(await this.#load());
      const [a, b] = this.states.map(({ deployment }) => deployment.id);
      const lines = [["subject", "kind", "change", "aspect", "field", a, b]];
      for (const { id, kind, mark, fields } of this.components) {
        if (!fields.length) lines.push([id, kind, mark, "", "", "", ""]);
        for (const { aspect, field, old, new: now } of fields) lines.push([id, kind, mark, aspect, field, old ?? "", now ?? ""]);
      }
      for (const { source, target, port, mark, old, new: now } of this.connections) {
        lines.push([`${source} -> ${target}`, "connection", mark, "topology", port, old ?? "", now ?? ""]);
      }
      const text = lines.map((line) => `${line.map(inCsv).join(",")}\r\n`).join("");
      const file = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
      const way = element("a", { href: file, download: `difference-${a}-${b}.csv`.replace(/[^\w.-]+/g, "-") });
      document.body.append(way);
      way.click();
      way.remove();
      setTimeout(() => URL.revokeObjectURL(file), 10_000);
    }
  }

  for (const page of document.querySelectorAll(".compare-page")) {
    const controls = page.querySelector(".past-controls");
    if (controls) new Compare(page).start().catch((error) => { controls.hidden = false; broken(controls, error); });
  }
})();
