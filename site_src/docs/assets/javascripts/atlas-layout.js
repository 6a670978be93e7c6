/* Where the parts of an explored topology stand. Layered layout by Dagre, for each open group by itself and for the
   whole with the groups as boxes: so the work is that of many small graphs, and of those only what changed is done
   again. What is too much to lay out at once stands in rows, by name. */
globalThis.assayAtlas ??= {};
globalThis.assayAtlas.layout = (() => {
  "use strict";

  // Measured in Chromium on a slow machine: the time grows with the lines. 40 boxes with 40 lines take 30 ms, with 80
  // lines 150 ms and with 180 lines 600 ms; so beyond some lines the boxes stand by the strongest of them.
  const MOST_LAYERED = 80;
  const MOST_LINES = 48;
  const MOST_KEPT = 400;
  const { FEW_LINES } = globalThis.assayAtlas.drawing;
  const GAP = 16;
  const BETWEEN = 52;
  const AROUND = 14;
  const HEAD = 30;

  const grid = (boxes, wanted) => {
    const area = boxes.reduce((sum, box) => sum + (box.width + GAP) * (box.height + GAP), 0);
    const limit = Math.max(wanted, Math.sqrt(area * 1.9));
    const at = new Map();
    let [x, y, row, width] = [0, 0, 0, 0];
    for (const box of boxes) {
      if (x > 0 && x + box.width > limit) { x = 0; y += row + GAP; row = 0; }
      at.set(box.key, { x, y });
      width = Math.max(width, x + box.width);
      row = Math.max(row, box.height);
      x += box.width + GAP;
    }
    return { at, width, height: y + row, routes: new Map() };
  };

  /* The strongest lines that hold all together, then the next in strength, as many as `most`. */
  const backbone = (lines, most) => {
    const root = new Map();
    const find = (key) => {
      let at = key;
      while (root.has(at)) at = root.get(at);
      return at;
    };
    const sorted = [...lines].sort((a, b) => b.lines.length - a.lines.length);
    const [holding, others] = [[], []];
    for (const line of sorted) {
      const [one, other] = [find(line.from), find(line.to)];
      if (one !== other) { root.set(one, other); holding.push(line); } else others.push(line);
    }
    return [...holding, ...others].slice(0, most);
  };

  const layered = (boxes, lines, { direction, label }) => {
    const work = new globalThis.dagre.graphlib.Graph();
    work.setGraph({ rankdir: direction, nodesep: GAP, ranksep: BETWEEN, edgesep: 8 });
    work.setDefaultEdgeLabel(() => ({}));
    // Numbers as names: those of a repository may be names that objects have of their own.
    const numbers = new Map(boxes.map((box, number) => [box.key, String(number)]));
    for (const box of boxes) work.setNode(numbers.get(box.key), { width: box.width, height: box.height });
    const strongest = lines.length > MOST_LINES ? backbone(lines, Math.max(MOST_LINES, boxes.length)) : lines;
    for (const line of strongest) {
      work.setEdge(numbers.get(line.from), numbers.get(line.to), { ...label(line), labelpos: "c" });
    }
    globalThis.dagre.layout(work);
    const at = new Map(boxes.map((box) => {
      const node = work.node(numbers.get(box.key));
      return [box.key, { x: node.x - box.width / 2, y: node.y - box.height / 2 }];
    }));
    const routes = new Map(strongest.map((line) => {
      const { points, x, y } = work.edge(numbers.get(line.from), numbers.get(line.to));
      return [line.key, x === undefined ? [...points] : [...points, { x, y, label: true }]];
    }));
    const { width, height } = work.graph();
    return { at, width, height, routes };
  };

  /* Boxes with lines in layers; those without any in rows below. */
  const place = (boxes, lines, way) => {
    const joined = new Set(lines.flatMap((line) => [line.from, line.to]));
    const tied = boxes.filter((box) => joined.has(box.key));
    if (tied.length > MOST_LAYERED || tied.length === 0) return grid(boxes, 0);
    const found = layered(tied, lines, way);
    const single = boxes.filter((box) => !joined.has(box.key));
    if (single.length === 0) return found;
    const rows = grid(single, found.width);
    for (const [key, { x, y }] of rows.at) found.at.set(key, { x, y: y + found.height + BETWEEN / 2 });
    return { ...found, width: Math.max(found.width, rows.width), height: found.height + BETWEEN / 2 + rows.height };
  };

  const maker = (direction) => {
    const kept = new Map();

    const inner = (group, boxes, lines, label) => {
      const name = JSON.stringify([group.key, boxes.map((box) => [box.key, box.width, box.height]),
        lines.map((line) => [line.key, label(line).width])]);
      if (!kept.has(name)) {
        if (kept.size >= MOST_KEPT) kept.clear();
        kept.set(name, place(boxes, lines, { direction, label }));
      }
      return kept.get(name);
    };

    /* Places of all items and of the frames of open groups, and the ways of lines; `size` tells width and height of an
       item. */
    return ({ items, groups, lines }, size) => {
      const wordy = lines.length <= FEW_LINES;
      const label = (line) => (wordy ? size(line) : { width: 0, height: 0 });
      const homeOf = (key) => items.get(key).group ?? key;
      const boxOf = (item) => ({ key: item.key, ...size(item) });
      const within = new Map();
      const outer = new Map();
      for (const line of lines) {
        const [from, to] = [homeOf(line.from), homeOf(line.to)];
        if (from === to) { within.set(from, [...(within.get(from) ?? []), line]); continue; }
        const key = JSON.stringify([from, to]);
        if (!outer.has(key)) outer.set(key, { key, from, to, lines: [] });
        outer.get(key).lines.push(...line.lines);
      }
      const boxes = [];
      const insides = new Map();
      for (const item of items.values()) if (!item.group) boxes.push(boxOf(item));
      for (const group of groups.values()) {
        if (!group.open) continue;
        const own = group.members.map((part) => boxOf(items.get(part.id)));
        const inside = inner(group, own, within.get(group.key) ?? [], label);
        insides.set(group.key, inside);
        const width = Math.max(inside.width + 2 * AROUND, size({ frame: group }).width);
        boxes.push({ key: group.key, width, height: inside.height + HEAD + AROUND });
      }
      const whole = place(boxes, [...outer.values()], { direction, label });
      const placed = new Map();
      const frames = new Map();
      const routes = new Map();
      const shifted = (points, { x, y }) => points.map((point) => ({ ...point, x: point.x + x, y: point.y + y }));
      for (const box of boxes) {
        const at = whole.at.get(box.key);
        const inside = insides.get(box.key);
        if (!inside) { placed.set(box.key, { ...box, ...at }); continue; }
        frames.set(box.key, { ...box, ...at });
        const start = { x: at.x + AROUND, y: at.y + HEAD };
        for (const [key, { x, y }] of inside.at) {
          placed.set(key, { key, x: x + start.x, y: y + start.y, ...size(items.get(key)) });
        }
        for (const [key, points] of inside.routes) routes.set(key, shifted(points, start));
      }
      for (const line of lines) {
        if (items.get(line.from).group || items.get(line.to).group) continue;
        const points = whole.routes.get(line.key);
        if (points) routes.set(line.key, points);
      }
      return { placed, frames, routes, width: whole.width, height: whole.height };
    };
  };

  return { maker };
})();
