/* The explored topology put together: its controls, its picture, the panel and the table of a difference. */
globalThis.assayAtlas ??= {};
globalThis.assayAtlas.open = (() => {
  "use strict";

  const t = (text, values = {}) => (globalThis.assayTexts?.[text] ?? text).replace(/\{(\w+)\}/g, (_, k) => values[k]);

  const { choice, drawing, layout, model, panel, stage } = globalThis.assayAtlas;
  const { element } = choice;
  // Single parts shown at a time: more would make each move late. The group that was opened first closes again.
  const MOST_SHOWN = 300;
  const NARROW = 640;

  const button = (text, act, name = "") => {
    const made = element("button", { type: "button", className: "press", textContent: text });
    if (name) { made.setAttribute("aria-label", name); made.title = name; }
    made.addEventListener("click", act);
    return made;
  };

  const nameOf = (deployment) => {
    const when = deployment.at ? `${deployment.at.slice(0, 10)} ${deployment.at.slice(11, 16)}` : t("time unknown");
    return { label: deployment.id, note: `${when} ${t(deployment.kind)}`, kind: deployment.kind, value: deployment.index };
  };

  const page = (place) => {
    const svg = drawing.element("svg", { class: "atlas-stage", role: "group", tabindex: "0" });
    const world = drawing.element("g");
    svg.append(drawing.arrows(), world);
    return {
      svg, world,
      status: element("p", { className: "atlas-status" }),
      side: element("aside", { className: "atlas-panel", hidden: true }),
      groups: element("select", { id: "atlas-groups" }),
      minor: element("input", { type: "checkbox", id: "atlas-minor" }),
      minorText: element("label", { htmlFor: "atlas-minor" }),
      table: element("div", { className: "atlas-difference" }),
      root: place.dataset.root,
    };
  };

  /* Load what the panel shows, when it is first opened. */
  const knowledge = (place, loadScript) => {
    let asked;
    const load = async () => {
      await Promise.all([loadScript(place.dataset.now), loadScript(place.dataset.findings)]);
      const { environments, parts } = globalThis.assayAtlasNow;
      return {
        now: { environments, parts: new Map(parts.map(([id, own, places]) => [id, { page: own, places }])) },
        findings: globalThis.assayAtlasFindings.get(place.dataset.environment) ?? { rows: [], left: 0 },
      };
    };
    return () => {
      asked ??= load();
      asked.catch(() => { asked = undefined; });
      return asked;
    };
  };

  const open = async (place, loadScript) => {
    const history = await globalThis.assayHistory.load(place.dataset.environment);
    const shown = page(place);
    const { svg, world, status, side, root } = shown;
    const view = stage.make(svg, world);
    const know = knowledge(place, loadScript);
    const positions = new Map(history.deployments.map((one, index) => [one.id, index]));
    const family = getComputedStyle(place).fontFamily;
    const size = drawing.sizer(family);
    const arrange = layout.maker(innerWidth < NARROW ? "TB" : "LR");
    const opened = new Set();
    let now = { index: -1, against: null, part: "" };
    let whole = null;
    let way = null;
    let ways = [];
    let seen = null;
    let near = new Map();
    let placed = null;
    let drawn = null;
    let current = "";
    let keys = new WeakMap();

    const at = (key) => placed.placed.get(key) ?? placed.frames.get(key);

    const rove = (key) => {
      drawn.items.get(current)?.setAttribute("tabindex", "-1");
      current = key;
      drawn.items.get(key)?.setAttribute("tabindex", "0");
    };
    const focus = (key) => { rove(key); drawn.items.get(key)?.focus({ preventScroll: true }); };

    const highlight = (key) => {
      const lit = key === null ? null : near.get(key);
      for (const one of svg.querySelectorAll(".near")) one.classList.remove("near");
      svg.classList.toggle("lit", Boolean(lit));
      if (!lit) return;
      for (const other of [key, ...lit.items]) drawn.items.get(other)?.classList.add("near");
      for (const line of lit.lines) drawn.lines.get(line).classList.add("near");
    };

    const redraw = () => {
      seen = model.seen(whole, way, opened, shown.minor.checked);
      placed = arrange(seen, size);
      near = model.neighbours(seen);
      drawn = drawing.draw(world, seen, placed);
      keys = new WeakMap([...drawn.items].map(([key, made]) => [made, key]));
      view.resize(placed);
      svg.classList.remove("lit");
      rove(drawn.items.has(current) ? current : drawn.items.keys().next().value);
      for (const [key, made] of drawn.items) made.classList.toggle("chosen", key === now.part);
    };

    const say = (more = "") => {
      const deployment = history.deployments[now.index];
      const single = [...seen.items.values()].filter((item) => item.part).length;
      const hidden = [...seen.groups.values()].reduce((sum, group) => sum + (group.open ? 0 : group.members.length), 0);
      const parts = drawing.partCount(single + hidden);
      const groups = drawing.written(seen.groups.size);
      const marks = drawing.marksText(model.countMarks([...whole.parts.values(), ...whole.lines].map((one) => one.mark)));
      const values = { environment: place.dataset.environment, deployment: deployment.id, parts, groups, marks };
      let text = way.id ? t("{environment} after {deployment}: {parts}, {groups} groups.", values)
        : t("{environment} after {deployment}: {parts}.", values);
      if (now.against !== null) {
        values.earlier = history.deployments[now.against]?.id ?? t("nothing");
        text = marks ? t("{environment} after {deployment}, against {earlier}: {marks}.", values)
          : t("{environment} after {deployment}, against {earlier}: nothing differs.", values);
      }
      status.textContent = more ? `${text} ${more}` : text;
      svg.setAttribute("aria-label", t("Topology. {text}", { text }));
    };

    const remember = () => {
      const wanted = new URLSearchParams();
      wanted.set("at", history.deployments[now.index].id);
      if (now.against !== null) wanted.set("diff", history.deployments[now.against]?.id ?? "before");
      if (now.part) wanted.set("part", now.part);
      globalThis.history.replaceState(null, "", `#${wanted}`);
    };

    const limit = (kept) => {
      let count = [...opened].reduce((sum, key) => sum + (seen.groups.get(key)?.members.length ?? 0), 0);
      let closed = 0;
      for (const key of opened) {
        if (count <= MOST_SHOWN || key === kept) continue;
        count -= seen.groups.get(key)?.members.length ?? 0;
        opened.delete(key);
        closed += 1;
      }
      return closed ? t("Groups that were opened first have been closed again, to keep the picture quick.") : "";
    };

    const toggle = (key) => {
      const before = at(key);
      if (opened.has(key)) opened.delete(key); else opened.add(key);
      const note = limit(key);
      redraw();
      view.hold(before, at(key));
      view.reveal(at(key));
      focus(key);
      say(note);
    };

    const closePanel = () => {
      const was = now.part;
      now = { ...now, part: "" };
      side.hidden = true;
      place.classList.remove("with-panel");
      view.refit();
      drawn.items.get(was)?.classList.remove("chosen");
      remember();
      if (was) focus(drawn.items.has(was) ? was : current);
    };

    const choose = async (id, jumped = true) => {
      drawn.items.get(now.part)?.classList.remove("chosen");
      now = { ...now, part: id };
      drawn.items.get(id)?.classList.add("chosen");
      remember();
      const around = { ...await know(), history, index: now.index, root };
      if (now.part !== id) return;
      side.replaceChildren(...panel.panelOf(whole.parts.get(id), around, { jump, close: closePanel }));
      side.hidden = false;
      side.scrollTop = 0;
      place.classList.add("with-panel");
      view.refit();
      if (at(id)) view.reveal(at(id));
      if (jumped) side.querySelector("h2").focus({ preventScroll: innerWidth >= NARROW });
    };

    /* Lead to a part wherever it is: in a closed group, or among what the picture leaves out at first. */
    const jump = (id) => {
      const part = whole.parts.get(id);
      if (!part) return Promise.resolve();
      if (part.minor && !shown.minor.checked) shown.minor.checked = true;
      if (!seen.items.has(id)) {
        seen = model.seen(whole, way, opened, shown.minor.checked);
        const group = [...seen.groups.values()].find((one) => !one.open && one.members.includes(part));
        if (group) opened.add(group.key);
        if (group) limit(group.key);
        redraw();
        say();
      }
      view.show(at(id));
      focus(id);
      highlight(id);
      return choose(id, false);
    };

    const act = (key) => {
      if (seen.groups.has(key)) toggle(key);
      else choose(key);
    };

    const steps = {
      ArrowLeft: ([x, y]) => [-x, y], ArrowRight: ([x, y]) => [x, y], ArrowUp: ([x, y]) => [-y, x],
      ArrowDown: ([x, y]) => [y, x],
    };
    const nextTo = (key, step) => {
      const middle = ({ x, y, width, height }) => [x + width / 2, y + Math.min(height, 42) / 2];
      const [x, y] = middle(at(key));
      let best = null;
      for (const other of drawn.items.keys()) {
        const [otherX, otherY] = middle(at(other));
        const [ahead, aside] = step([otherX - x, otherY - y]);
        const far = ahead + 2 * Math.abs(aside);
        if (ahead > 4 && (best === null || far < best.far)) best = { other, far };
      }
      return best?.other;
    };

    const keyOf = (event) => keys.get(event.target.closest(".item") ?? svg);
    world.addEventListener("click", (event) => { if (keyOf(event)) { rove(keyOf(event)); act(keyOf(event)); } });
    world.addEventListener("pointerover", (event) => { if (keyOf(event)) highlight(keyOf(event)); });
    world.addEventListener("pointerout", () => highlight(null));
    // On the picture: a group of shapes that listens for focus would be a stop of its own.
    svg.addEventListener("focusin", (event) => {
      const key = keyOf(event);
      if (!key) return;
      highlight(key);
      view.reveal(at(key));
    });
    svg.addEventListener("focusout", () => highlight(null));
    world.addEventListener("keydown", (event) => {
      const key = keyOf(event);
      if (!key || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(key); return; }
      const step = steps[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      const next = nextTo(key, step);
      if (next !== undefined) focus(next);
    });

    const widen = (wide) => {
      place.classList.toggle("atlas-wide", wide);
      larger.textContent = wide ? t("Smaller") : t("Larger");
      larger.setAttribute("aria-pressed", String(wide));
      view.fit();
    };
    const larger = button(t("Larger"), () => widen(!place.classList.contains("atlas-wide")));
    place.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      if (!side.hidden) closePanel();
      else if (place.classList.contains("atlas-wide")) widen(false);
      else highlight(null);
    });

    const regroup = () => {
      opened.clear();
      way = ways.find((one) => one.id === shown.groups.value) ?? ways[0];
      redraw();
      view.begin(placed);
      offerAll();
      say();
    };
    shown.groups.addEventListener("change", regroup);
    const all = button(t("Open all groups"), () => {
      for (const key of seen.groups.keys()) opened.add(key);
      redraw();
      view.begin(placed);
      say();
    });
    const none = button(t("Close all groups"), regroup);
    const offerAll = () => {
      none.hidden = !way.id;
      const total = [...seen.groups.values()].reduce((sum, group) => sum + group.members.length, 0);
      all.hidden = !way.id || total > MOST_SHOWN;
    };
    shown.minor.addEventListener("change", () => { limit(""); redraw(); offerAll(); view.begin(placed); say(); });

    const search = choice.make({
      name: "atlas-search", label: t("Find a part"), hint: t("Part of its name"),
      find: (words, most) => {
        const wanted = words.split(/\s+/).filter(Boolean);
        const fit = [...whole.parts.values()].filter((part) => {
          const text = part.id.toLowerCase();
          return wanted.every((word) => text.includes(word));
        });
        const rank = (part) => (part.id.toLowerCase().startsWith(words) ? 0 : 1) + (part.role === "component" ? 0 : 2);
        fit.sort((a, b) => rank(a) - rank(b));
        const found = fit.slice(0, most).map((part) => ({
          label: part.id, value: part.id, note: [model.roleWord(part.role), part.version].filter(Boolean).join(" "),
        }));
        return { found, total: fit.length };
      },
      take: jump,
    });

    const DAY = /^\d{4}-\d{2}-\d{2}$/;
    const against = choice.make({
      name: "atlas-against", label: t("Difference to"), hint: t("Number, date or kind"),
      find: (words, most) => {
        const wanted = words.split(/\s+/).filter(Boolean);
        const earlier = history.deployments.slice(0, now.index).reverse().map(nameOf);
        let fit = earlier.filter(({ label, note, kind }) => {
          const text = `${label} ${note} ${kind}`.toLowerCase();
          return wanted.every((word) => text.includes(word));
        });
        if (!fit.length && DAY.test(words)) {
          const before = Math.min(history.indexAt(words), now.index - 1);
          fit = before < 0 ? [] : [nameOf(history.deployments[before])];
        }
        return { found: fit.slice(0, most), total: fit.length };
      },
      take: (index) => compare(index),
    });
    const compare = async (index) => {
      await show({ at: history.deployments[now.index].id, diff: index === null ? "" : index, part: now.part });
    };
    const previous = button(t("The one before"), () => compare(now.index - 1));
    const without = button(t("No difference"), () => compare(null));

    const resolve = (wanted) => {
      const id = wanted.at || place.dataset.at;
      const index = positions.get(id);
      if (index === undefined) throw new Error(t("the past has no deployment {id}", { id }));
      if (wanted.diff === "") return { index, against: null };
      if (wanted.diff === "before") return { index, against: index - 1 };
      const against = typeof wanted.diff === "number" ? wanted.diff : positions.get(wanted.diff);
      if (against === undefined) throw new Error(t("the past has no deployment {id}", { id: wanted.diff }));
      return { index, against };
    };

    /* Show what an address asks for: {at, diff, part}. */
    const show = async (wanted) => {
      const { index, against: earlier } = resolve(wanted);
      const state = await history.stateAt(index);
      const before = earlier === null ? null : await history.stateAt(earlier);
      whole = model.graph(state, before);
      now = { index, against: earlier, part: "" };
      const parts = [...whole.parts.values()];
      const main = parts.filter((part) => !part.minor);
      const chosen = way?.id;
      ways = model.ways(main);
      way = ways.find((one) => one.id === chosen) ?? model.firstWay(ways, main);
      shown.groups.replaceChildren(...ways.map((one) => element("option", { value: one.id, textContent: one.name })));
      shown.groups.value = way.id;
      shown.minorText.textContent = t("Resources and inner services ({number})", { number: drawing.written(parts.length - main.length) });
      shown.minor.parentElement.hidden = parts.length === main.length;
      previous.disabled = index === 0;
      without.hidden = earlier === null;
      against.set(earlier === null ? "" : history.deployments[earlier]?.id ?? t("nothing"));
      place.hidden = false;
      redraw();
      offerAll();
      const marked = [...drawn.items.keys()].find((key) => seen.items.get(key)?.part?.mark);
      view.begin(placed, marked ? at(marked) : undefined);
      side.hidden = true;
      place.classList.remove("with-panel");
      const heading = earlier === null ? "" : t("What differs between {earlier} and {deployment}", {
        earlier: history.deployments[earlier]?.id ?? t("nothing"), deployment: history.deployments[index].id });
      shown.table.replaceChildren(...(earlier === null ? [] : panel.differenceTable(whole, heading)));
      say();
      if (wanted.part) await jump(wanted.part);
      remember();
    };

    const grouping = element("div", { className: "atlas-choice" },
      element("label", { htmlFor: "atlas-groups", textContent: t("Grouped by") }), shown.groups);
    const minor = element("div", { className: "atlas-check" }, shown.minor, shown.minorText);
    status.setAttribute("role", "status");
    side.setAttribute("aria-labelledby", "atlas-part");
    const zooms = element("div", { className: "atlas-zooms" }, button("+", view.zoomIn, t("Zoom in")),
      button("\u2212", view.zoomOut, t("Zoom out")), button(t("Fit"), view.fit), larger);
    const keysHelp = element("p", { className: "age", textContent:
      t("Drag to move, Ctrl and wheel to zoom. By keyboard: arrows move the picture, + and − zoom, 0 fits; Tab leads to the parts, arrows from one to the next, Enter opens, Escape closes.") });
    place.replaceChildren(
      element("div", { className: "atlas-bar" }, search.field, grouping, all, none, minor),
      element("div", { className: "atlas-bar" }, against.field, previous, without),
      element("div", { className: "atlas-bar" }, status, zooms),
      element("div", { className: "atlas-body" }, element("div", { className: "atlas-window" }, svg), side),
      panel.legend(), keysHelp, shown.table,
    );
    return {
      show,
      hide: () => { place.hidden = true; place.classList.remove("atlas-wide"); globalThis.history.replaceState(null, "", "#"); },
      shows: (wanted) => {
        if (place.hidden) return false;
        try {
          const { index, against: earlier } = resolve(wanted);
          return index === now.index && earlier === now.against && wanted.part === now.part;
        } catch { return false; }
      },
    };
  };

  return open;
})();
