/* Charts that can be explored: on demand, a picture gives way to a drawing that tells what is pointed at. The libraries
   come from this site's own folder, and only then. Pages read well, and print, without. */
(() => {
  "use strict";

  const t = (text, values = {}) => (globalThis.assayTexts?.[text] ?? text).replace(/\{(\w+)\}/g, (_, k) => values[k]);

  const FOLDER = new URL("../vendor/vega/", document.currentScript.src);
  const LIBRARIES = ["vega.min.js", "vega-lite.min.js", "vega-embed.min.js"];

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const loadScript = (name, base = FOLDER) => new Promise((done, failed) => {
    const script = element("script", { src: new URL(name, base).href });
    script.addEventListener("load", done);
    script.addEventListener("error", () => { script.remove(); failed(new Error(t("{source} could not be loaded", { source: name }))); });
    document.head.append(script);
  });

  let loading;
  const loadLibraries = () => {
    loading ??= LIBRARIES.reduce((before, name) => before.then(() => loadScript(name)), Promise.resolve());
    loading.catch(() => { loading = undefined; });
    return loading;
  };

  // What the charts of a page are drawn from stands in one file, or in the page itself.
  const specifications = new Map();
  const specification = async (holder, id) => {
    const file = holder.dataset.from;
    if (!file) return JSON.parse(holder.textContent);
    if (!specifications.has(file)) specifications.set(file, loadScript(file, document.baseURI));
    await specifications.get(file).catch((error) => { specifications.delete(file); throw error; });
    return structuredClone(globalThis.assayCharts[id]);
  };

  // Values of data and of domains are texts of a repository: they are never taken for a colour or a size.
  const LITERAL = new Set(["data", "datasets", "values", "domain", "sort"]);

  const mapped = (part, change) => {
    if (Array.isArray(part)) return part.map((inner) => mapped(inner, change));
    if (part === null || typeof part !== "object") return change(part, "", {});
    const entries = Object.entries(part).map(([key, value]) => {
      if (LITERAL.has(key)) return [key, value];
      const nested = value !== null && typeof value === "object";
      return [key, nested ? mapped(value, change) : change(value, key, part)];
    });
    return Object.fromEntries(entries);
  };

  const COLOUR = /var\(--assay-chart-([a-z0-9-]+)[^()]*\)/g;

  const coloured = (spec, style, patterns) => mapped(spec, (value, key) => {
    if (typeof value !== "string") return value;
    return value.replace(COLOUR, (_, name) => {
      if (patterns.has(name) && key !== "stroke") return `url(#${patterns.get(name)})`;
      return style.getPropertyValue(`--assay-chart-${name}`).trim();
    });
  });

  // The patterns of the picture, again under names of their own: those within what is hidden can't be painted with.
  const patternsOf = (picture, id) => {
    const copies = [...picture.querySelectorAll("svg > defs > pattern")].map((pattern) => pattern.cloneNode(true));
    const names = copies.map((copy) => {
      const name = copy.id.slice(id.length + 1);
      copy.id = `explored-${copy.id}`;
      return [name, copy.id];
    });
    const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    drawing.setAttribute("class", "patterns");
    drawing.setAttribute("aria-hidden", "true");
    drawing.append(...copies);
    return { patterns: new Map(names), drawing };
  };

  const LENGTHS = new Set(["width", "height", "step", "spacing", "offset", "dx", "dy", "x", "x2", "y", "y2", "limit",
    "labelLimit", "fontSize", "labelFontSize", "titleFontSize", "labelPadding", "titlePadding", "cornerRadius",
    "strokeWidth", "left", "right", "top", "bottom"]);
  const BARS = new Set(["bar", "tick", "rule"]);
  const PLACES = new Set(["x", "x2", "y", "y2"]);

  // The drawing takes the place of the picture, which the page had stretched: all its lengths by the same factor.
  const stretched = (spec, factor) => {
    const times = (value, by) => (typeof value === "number" ? value * by : value);
    const channel = (part, by) => mapped(part, (value, key) => (key === "value" ? times(value, by) : value));
    const ranged = (part, by) => {
      const range = part.scale?.range;
      if (!Array.isArray(range)) return part;
      return { ...part, scale: { ...part.scale, range: range.map((end) => times(end, by)) } };
    };
    const walk = (part, key, owner) => {
      if (Array.isArray(part)) return part.map((inner) => walk(inner, "", {}));
      if (part !== null && typeof part === "object") {
        if (PLACES.has(key)) return ranged(channel(part, factor), factor);
        if (key === "size") return ranged(part, factor * factor);
        return Object.fromEntries(Object.entries(part)
          .map(([name, value]) => [name, LITERAL.has(name) ? value : walk(value, name, part)]));
      }
      if (LENGTHS.has(key)) return times(part, factor);
      if (key === "symbolSize") return times(part, factor * factor);
      if (key === "size") return times(part, BARS.has(owner.type) ? factor : factor * factor);
      return part;
    };
    return walk(spec, "", {});
  };

  const tip = element("div", { className: "chart-tip", hidden: true });
  tip.setAttribute("role", "tooltip");
  (document.querySelector(".assay") ?? document.body).append(tip);

  const ABSENT = "undefined";

  // A field that a row does not have is told as a word; that is left out unless a text of the row is that word.
  const tipRows = (value, datum) => {
    if (value === null || typeof value !== "object") return [["", String(value)]];
    const rows = Object.entries(value).map(([name, said]) => [name, String(said)]);
    return Object.values(datum ?? {}).includes(ABSENT) ? rows : rows.filter(([, said]) => said !== ABSENT);
  };

  const hideTip = () => { tip.hidden = true; };

  // Texts only: what a repository says is shown as it was written.
  const showTip = (rows, left, top) => {
    tip.replaceChildren(...rows.map(([name, said]) =>
      element("div", {}, element("span", { textContent: name }), element("b", { textContent: said }))));
    tip.hidden = false;
    const room = 8;
    const { width, height } = tip.getBoundingClientRect();
    const across = Math.min(left + 2 * room, innerWidth - width - room);
    const below = top + 2 * room + height > innerHeight ? top - height - room : top + 2 * room;
    tip.style.left = `${Math.max(room, across)}px`;
    tip.style.top = `${Math.max(room, below)}px`;
  };

  const onPoint = (handler, event, item, value) => {
    if (value === null || value === undefined || value === "") hideTip();
    else showTip(tipRows(value, item?.datum), event.clientX, event.clientY);
  };

  const refuse = (address) => Promise.reject(new Error(`a chart asks for ${address}`));
  const NOTHING = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

  // The interpreter's own takes a time in milliseconds for a year.
  const datetime = (first, ...rest) => (rest.length ? new Date(first, ...rest) : new Date(first));

  const embed = (place, spec) => globalThis.vegaEmbed(place, spec, {
    mode: "vega-lite",
    renderer: "svg",
    actions: false,
    // Expressions are walked, not made into code: the page needs no right to evaluate any.
    ast: true,
    expressionFunctions: { datetime },
    defaultStyle: false,
    hover: false,
    // Its warnings are for those who write specifications, not for readers.
    logLevel: globalThis.vega.Error,
    loader: NOTHING,
    tooltip: onPoint,
  });

  const marksOf = (place) => [...place.querySelectorAll("svg *")]
    .filter((shape) => shape.__data__?.tooltip !== undefined && shape.__data__.tooltip !== null)
    .map((shape) => {
      const { tooltip, datum } = shape.__data__;
      return { shape, box: shape.getBoundingClientRect(), rows: tipRows(tooltip, datum) };
    })
    .sort((a, b) => Math.round(a.box.left - b.box.left) || a.box.top - b.box.top);

  // Vega-Lite names it after the field that it moves along; empty where there is none.
  const zoomSignal = ({ signals }) => {
    const fields = (signals ?? []).find(({ name }) => name === "zoom_tuple_fields");
    return fields ? `zoom_${fields.value[0].field}` : "";
  };

  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -Infinity, End: Infinity };

  class Explorable {
    constructor(figure, holder) {
      this.figure = figure;
      this.holder = holder;
      this.picture = figure.querySelector(".plot");
      this.title = figure.querySelector("h2, h3, h4")?.textContent.trim() ?? t("chart");
      this.place = element("div", { className: "explored", hidden: true, tabIndex: 0 });
      this.place.setAttribute("role", "application");
      this.place.setAttribute("aria-roledescription", t("chart"));
      this.place.setAttribute("aria-label", t("{title}. Arrow keys lead from mark to mark.", { title: this.title }));
      this.label = element("span", { textContent: t("Explore") });
      this.button = element("button", { type: "button" }, this.label,
        element("span", { className: "unseen", textContent: `: ${this.title}` }));
      this.zoom = element("span", { className: "zoom", hidden: true });
      this.status = element("span", { className: "status", ariaLive: "polite" });
      this.spoken = element("span", { className: "unseen", ariaLive: "polite" });
      this.picture.after(this.place,
        element("div", { className: "explore" }, this.button, this.zoom, this.status, this.spoken));
      this.makeZoom();
      this.live = false;
      this.turn = 0;
      this.button.addEventListener("click", () => {
        // A disabled button would lose the focus.
        if (this.button.ariaBusy === "true") return;
        if (this.live) this.back();
        else this.explore();
      });
      this.place.addEventListener("keydown", (event) => this.step(event));
      this.place.addEventListener("blur", () => this.choose(undefined));
    }

    makeZoom() {
      const button = (text, says, act) => {
        const made = element("button", { type: "button", textContent: text, title: says });
        made.setAttribute("aria-label", `${says}: ${this.title}`);
        made.addEventListener("click", act);
        return made;
      };
      this.zoom.append(
        button("+", t("Zoom in"), () => this.zoomBy(0.5)),
        button("\u2212", t("Zoom out"), () => this.zoomBy(2)),
        button("\u2190", t("Earlier"), () => this.zoomBy(1, -0.25)),
        button("\u2192", t("Later"), () => this.zoomBy(1, 0.25)),
        button(t("Whole"), t("Show the whole"), () => this.draw()),
      );
    }

    async explore() {
      this.button.ariaBusy = "true";
      this.status.textContent = t("Loading the interactive chart");
      this.live = true;
      try {
        await loadLibraries();
        await this.draw();
        this.label.textContent = t("Back to picture");
        this.status.textContent = this.zoomable ? t("Drag to move; Ctrl and wheel, or the buttons, to zoom") : "";
      } catch (error) {
        this.back();
        this.status.textContent = t("The interactive chart can't be shown here; the picture says the same");
        console.warn(`${this.figure.id}: ${error.message}`);
      }
      this.button.ariaBusy = "false";
    }

    back() {
      this.live = false;
      this.turn += 1;
      this.result?.finalize();
      this.result = undefined;
      this.place.replaceChildren();
      this.show(false);
      this.label.textContent = t("Explore");
      this.status.textContent = "";
    }

    show(live) {
      hideTip();
      this.place.hidden = !live;
      this.picture.hidden = live;
      this.zoom.hidden = !live || !this.zoomable;
    }

    // How much wider than it was made the picture stands on the page.
    factor() {
      const { hidden } = this.picture;
      this.picture.hidden = false;
      const drawing = this.picture.querySelector("svg");
      const width = drawing.getBoundingClientRect().width;
      this.picture.hidden = hidden;
      return width > 0 ? width / drawing.viewBox.baseVal.width : 1;
    }

    async draw() {
      const turn = (this.turn += 1);
      this.stretch = this.factor();
      const { patterns, drawing } = patternsOf(this.picture, this.figure.id);
      const told = await specification(this.holder, this.figure.id);
      const spec = coloured(told, getComputedStyle(this.figure), patterns);
      delete spec.usermeta;
      // What the arrows choose is spoken; Vega's own roles and names would tell every mark, axes included, once more.
      const made = element("div", { ariaHidden: "true" });
      const result = await embed(made, stretched(spec, this.stretch));
      if (turn !== this.turn || !this.live) {
        result.finalize();
        return;
      }
      this.result?.finalize();
      this.result = result;
      this.chosen = undefined;
      this.zoomable = zoomSignal(result.vgSpec);
      this.place.replaceChildren(made, drawing);
      this.show(true);
    }

    zoomBy(factor, shift = 0) {
      const { view } = this.result;
      const scale = view.scale("x");
      const way = scale.type === "log" ? "Log" : "Linear";
      const moved = globalThis.vega[`pan${way}`](scale.domain().map(Number), shift);
      view.signal(this.zoomable, globalThis.vega[`zoom${way}`](moved, null, factor)).runAsync();
    }

    step(event) {
      if (event.key === "Escape") this.choose(undefined);
      if (!(event.key in STEPS) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      const marks = marksOf(this.place);
      if (!marks.length) return;
      const at = marks.findIndex(({ shape }) => shape === this.chosen);
      const next = at < 0 && STEPS[event.key] === -1 ? marks.length - 1 : at + STEPS[event.key];
      this.choose(marks[Math.max(0, Math.min(marks.length - 1, next))]);
    }

    choose(mark) {
      this.chosen?.classList.remove("chosen");
      this.chosen = mark?.shape;
      if (!mark) {
        hideTip();
        this.spoken.textContent = "";
        return;
      }
      this.chosen.classList.add("chosen");
      this.chosen.scrollIntoView({ block: "nearest", inline: "nearest" });
      const box = this.chosen.getBoundingClientRect();
      showTip(mark.rows, box.right, box.bottom);
      this.spoken.textContent = mark.rows.map((row) => row.filter(Boolean).join(" ")).join(", ");
    }
  }

  const charts = [...document.querySelectorAll("figure.chart > script.chart-spec")]
    .map((script) => new Explorable(script.parentElement, script));

  const redraw = (changed) => {
    for (const chart of charts.filter(({ live, result }) => live && result)) if (changed(chart)) chart.draw();
  };

  const recoloured = new MutationObserver(() => redraw(() => true));
  for (const [place, name] of [[document.body, "data-md-color-scheme"], [document.documentElement, "data-bs-theme"]]) {
    recoloured.observe(place, { attributes: true, attributeFilter: [name] });
  }
  let waiting;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => redraw((chart) => Math.abs(chart.factor() - chart.stretch) > 0.005), 150);
  });
  addEventListener("scroll", hideTip, { passive: true, capture: true });
  addEventListener("keydown", (event) => { if (event.key === "Escape") hideTip(); });
})();
