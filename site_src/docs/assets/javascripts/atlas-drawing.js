/* Shapes of an explored topology. What a part is shows in its outline, what happened to it in the sign at its corner, in
   its words and in its colour, so that none of them is needed alone. Every text is set as text. */
globalThis.assayAtlas ??= {};
globalThis.assayAtlas.drawing = (() => {
  "use strict";

  const t = (text, values = {}) => (globalThis.assayTexts?.[text] ?? text).replace(/\{(\w+)\}/g, (_, k) => values[k]);

  const SPACE = "http://www.w3.org/2000/svg";
  const LABEL = 13;
  const CAPTION = 11;
  const LONGEST = 34;
  const MARKS = ["added", "removed", "changed"];
  const SIGNS = { added: "+", removed: "\u2212", changed: "~" };
  // Lines up to which each carries its port; with more there is no room for words.
  const FEW_LINES = 60;
  // Lines above which those that nobody points at stand back.
  const MANY_LINES = 120;

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  const shorten = (text, limit = LONGEST) => {
    if (text.length <= limit) return text;
    const tail = Math.floor((limit - 1) / 2);
    return `${text.slice(0, limit - 1 - tail)}…${text.slice(text.length - tail)}`;
  };

  const pen = document.createElement("canvas").getContext("2d");
  const widths = new Map();
  const widthOf = (text, size, family) => {
    const key = `${size} ${text}`;
    if (!widths.has(key)) {
      if (widths.size > 20000) widths.clear();
      pen.font = `${size}px ${family}`;
      widths.set(key, pen.measureText(text).width);
    }
    return widths.get(key);
  };

  const { markWord, roleWord } = globalThis.assayAtlas.model;

  const written = (number) => number.toLocaleString(document.documentElement.lang || "en");

  const marksText = (marks) =>
    MARKS.filter((mark) => marks[mark]).map((mark) => `${written(marks[mark])} ${markWord(mark)}`).join(", ");

  const partCount = (count) => {
    const number = written(count);
    return count === 1 ? t("{number} part", { number }) : t("{number} parts", { number });
  };
  const outCount = (count) => {
    const number = written(count);
    return count === 1 ? t("{number} connection out", { number }) : t("{number} connections out", { number });
  };
  const inCount = (count) => {
    const number = written(count);
    return count === 1 ? t("{number} connection in", { number }) : t("{number} connections in", { number });
  };

  const captionOf = (item) => {
    if (item.closed) {
      const size = partCount(item.closed.members.length);
      const marks = marksText(item.closed.marks);
      return marks ? `${size}, ${marks}` : size;
    }
    const { role, version, mark } = item.part;
    const said = version || (role === "component" ? "" : roleWord(role));
    if (!mark) return said;
    return said ? `${said} · ${markWord(mark)}` : markWord(mark);
  };

  const nameOf = (item) => (item.closed ? item.closed.name : item.part.id);

  const linesOf = (item) => [shorten(nameOf(item)), shorten(captionOf(item), 44)];

  const lineWords = (line) => {
    if (line.lines.length > 1) return `× ${line.lines.length}`;
    return shorten(line.lines[0].port, 18);
  };

  /* How large an item is drawn, a frame's head, or the words on a line. */
  const sizer = (family) => (item) => {
    if (item.lines) {
      const words = lineWords(item);
      return words ? { width: widthOf(words, CAPTION, family) + 6, height: CAPTION + 4 } : { width: 0, height: 0 };
    }
    if (item.frame) return { width: widthOf(shorten(item.frame.name), LABEL, family) + 150, height: 0 };
    const [label, caption] = linesOf(item);
    const width = Math.max(widthOf(label, LABEL, family), widthOf(caption, CAPTION, family)) + 30;
    return { width: Math.max(64, Math.ceil(width)), height: caption ? 42 : 30 };
  };

  const box = (width, height, radius) =>
    element("rect", { class: "shape", width, height, rx: Math.min(radius, height / 2) });

  const outline = (role, width, height) => {
    if (role === "exposure") return [box(width, height, 99)];
    if (role === "config" || role === "secret") {
      const cut = 9;
      return [element("path", { class: "shape", d: `M0 0H${width - cut}L${width} ${cut}V${height}H0Z` })];
    }
    if (role === "volume") {
      const [half, bow] = [width / 2, 5];
      const sides = `M0 ${bow}V${height - bow}A${half} ${bow} 0 0 0 ${width} ${height - bow}V${bow}`;
      const lid = `A${half} ${bow} 0 0 0 0 ${bow}A${half} ${bow} 0 0 0 ${width} ${bow}`;
      return [element("path", { class: "shape", d: sides + lid })];
    }
    return [box(width, height, 5)];
  };

  /* The sign of a mark: a disc, a square or a diamond, by itself as a legend or at the corner of a part. */
  const signOf = (mark, x, y) => {
    const shapes = {
      added: () => element("circle", { r: 7.5 }),
      removed: () => element("rect", { x: -7, y: -7, width: 14, height: 14 }),
      changed: () => element("path", { d: "M0-9.5L9.5 0L0 9.5L-9.5 0Z" }),
    };
    const sign = element("text", { y: 4.5 }, SIGNS[mark]);
    return element("g", { class: `sign mark-${mark}`, transform: `translate(${x} ${y})` }, shapes[mark](), sign);
  };

  const spoken = (item) => {
    if (item.closed) return t("group {name}: {caption}", { name: item.closed.name, caption: captionOf(item) });
    const { id, role, kind, version, mark, ins, outs } = item.part;
    const facts = [id, roleWord(role), kind, version, mark ? markWord(mark) : ""].filter(Boolean);
    return [...facts, outCount(outs.length), inCount(ins.length)].join(", ");
  };

  const drawItem = (item, { x, y, width, height }) => {
    const mark = item.closed ? item.closed.mark : item.part.mark;
    const role = item.closed ? "group" : item.part.role;
    const made = element("g", {
      class: `item role-${role}${mark ? ` mark-${mark}` : ""}`, transform: `translate(${x} ${y})`, role: "button",
      tabindex: "-1", "aria-label": spoken(item),
    });
    if (item.closed) {
      made.setAttribute("aria-expanded", "false");
      made.append(element("rect", { class: "shape back", x: 4, y: 4, width, height, rx: 5 }));
    }
    made.append(...outline(role, width, height));
    if (mark === "changed" && !item.closed) {
      made.append(element("rect", { class: "twice", x: 2.5, y: 2.5, width: width - 5, height: height - 5, rx: 3 }));
    }
    const [label, caption] = linesOf(item);
    const middle = width / 2;
    made.append(element("text", { class: "name", x: middle, y: caption ? 18 : 20 }, label));
    if (caption) made.append(element("text", { class: "caption", x: middle, y: 33 }, caption));
    if (label !== nameOf(item)) made.append(element("title", {}, nameOf(item)));
    if (mark) made.append(signOf(mark, 0, 0));
    return made;
  };

  const drawFrame = (group, { x, y, width, height }) => {
    const head = element("g", {
      class: "item frame-head", role: "button", tabindex: "-1", "aria-expanded": "true",
      transform: `translate(${x} ${y})`,
      "aria-label": t("group {name}, open", { name: group.name }),
    });
    const words = element("text", { class: "name", x: 12, y: 19 }, `\u2212 ${shorten(group.name)}`);
    words.append(element("tspan", { class: "caption", dx: 8 }, captionOf({ closed: group })));
    head.append(element("rect", { class: "shape", width, height: 26, rx: 5 }), words);
    const frame = element("rect", { class: "frame", x, y, width, height, rx: 6 });
    return { frame, head };
  };

  // From border to border where the layout gave no way: between open groups, and in rows.
  const direct = (from, to) => {
    const [a, b] = [from, to].map((one) => ({ x: one.x + one.width / 2, y: one.y + one.height / 2 }));
    const aside = Math.abs(b.x - a.x) > Math.abs(b.y - a.y) || to.x > from.x + from.width || from.x > to.x + to.width;
    if (aside) {
      const [start, end] = b.x > a.x ? [from.x + from.width, to.x] : [from.x, to.x + to.width];
      const bend = (end - start) / 2;
      return { d: `M${start} ${a.y}C${start + bend} ${a.y} ${end - bend} ${b.y} ${end} ${b.y}`,
        middle: { x: (start + end) / 2, y: (a.y + b.y) / 2 } };
    }
    const [start, end] = b.y > a.y ? [from.y + from.height, to.y] : [from.y, to.y + to.height];
    const bend = (end - start) / 2;
    return { d: `M${a.x} ${start}C${a.x} ${start + bend} ${b.x} ${end - bend} ${b.x} ${end}`,
      middle: { x: (a.x + b.x) / 2, y: (start + end) / 2 } };
  };

  // A curve through every point: beside the words on it stands the line that they belong to.
  const smooth = (points) => {
    const at = ({ x, y }) => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
    const lean = (from, to, share) => ({ x: (to.x - from.x) * share, y: (to.y - from.y) * share });
    let d = `M${at(points[0])}`;
    for (let i = 0; i < points.length - 1; i += 1) {
      const [here, next] = [points[i], points[i + 1]];
      const [before, after] = [points[i - 1] ?? here, points[i + 2] ?? next];
      const [out, back] = [lean(before, next, 1 / 9), lean(here, after, 1 / 9)];
      const pulls = [{ x: here.x + out.x, y: here.y + out.y }, { x: next.x - back.x, y: next.y - back.y }];
      d += `C${[...pulls, next].map(at).join(" ")}`;
    }
    const half = points.length / 2;
    const middle = points.length % 2 ? points[Math.floor(half)]
      : { x: (points[half - 1].x + points[half].x) / 2, y: (points[half - 1].y + points[half].y) / 2 };
    return { d, middle };
  };

  const drawLine = (line, layout, wordy) => {
    const route = layout.routes.get(line.key);
    const points = route?.filter((point) => !point.label);
    const spot = route?.find((point) => point.label);
    const { d, middle } = points?.length > 1 ? smooth(points)
      : direct(layout.placed.get(line.from), layout.placed.get(line.to));
    const ways = new Set(line.lines.map((one) => one.how));
    const how = ways.size === 1 ? line.lines[0].how : "several";
    const made = element("g", { class: `line how-${how}${line.mark ? ` mark-${line.mark}` : ""}` });
    made.append(element("path", { d, "marker-end": `url(#atlas-arrow${line.mark ? `-${line.mark}` : ""})` }));
    const words = wordy || line.lines.length > 1 ? lineWords(line) : "";
    if (words) made.append(element("text", { x: spot?.x ?? middle.x, y: spot ? spot.y + 4 : middle.y - 5 }, words));
    if (line.mark) made.append(signOf(line.mark, middle.x, middle.y));
    return made;
  };

  const arrows = () => {
    const made = ["", ...MARKS].map((mark) => element("marker", {
      id: `atlas-arrow${mark ? `-${mark}` : ""}`, class: mark ? `mark-${mark}` : "", viewBox: "0 0 8 8", refX: 7.5,
      refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto-start-reverse", markerUnits: "userSpaceOnUse",
    }, element("path", { d: "M0 0L8 4L0 8Z" })));
    return element("defs", {}, ...made);
  };

  /* Draw what is seen into `world`; return the element of each item, frame head and line. */
  const draw = (world, view, layout) => {
    const [frames, lines, items] = [[], [], []];
    const found = { items: new Map(), lines: new Map() };
    for (const [key, at] of layout.frames) {
      const { frame, head } = drawFrame(view.groups.get(key), at);
      frames.push(frame);
      items.push(head);
      found.items.set(key, head);
    }
    const wordy = view.lines.length <= FEW_LINES;
    world.classList.toggle("many", view.lines.length > MANY_LINES);
    for (const line of view.lines) {
      const made = drawLine(line, layout, wordy);
      lines.push(made);
      found.lines.set(line, made);
    }
    for (const item of view.items.values()) {
      const made = drawItem(item, layout.placed.get(item.key));
      items.push(made);
      found.items.set(item.key, made);
    }
    world.replaceChildren(element("g", { "aria-hidden": "true" }, ...frames),
      element("g", { "aria-hidden": "true" }, ...lines), element("g", {}, ...items));
    return found;
  };

  return { FEW_LINES, MARKS, arrows, draw, element, inCount, marksText, outCount, outline, partCount, signOf,
    sizer, written };
})();
