/* What the explored topology shows, as values: its parts with their marks, the ways to group them, and of both what is
   to be seen while some groups are open. Nothing here touches the page. */
globalThis.assayAtlas ??= {};
globalThis.assayAtlas.model = (() => {
  "use strict";

  const t = (text, values = {}) => (globalThis.assayTexts?.[text] ?? text).replace(/\{(\w+)\}/g, (_, k) => values[k]);

  const ROLE_WORDS = {
    component: t("component"), exposure: t("exposure"), config: t("config"), secret: t("secret"),
    volume: t("volume"), external: t("external"),
  };
  const MARK_WORDS = { added: t("added"), removed: t("removed"), changed: t("changed") };
  const roleWord = (role) => ROLE_WORDS[role] ?? role;
  const markWord = (mark) => MARK_WORDS[mark] ?? mark;

  const RESOURCES = new Set(["config", "secret", "volume"]);
  const OUTWARD = new Set(["LoadBalancer", "NodePort"]);
  const LABEL = "labels.";
  // No name of a part begins like this.
  const GROUP = "\u0000";
  // Parts up to which all stand single at first: as many as one still reads.
  const FEW = 60;
  // Groups of a way that one still overlooks.
  const MANY_GROUPS = 80;

  const isOutward = (part) => part.kind !== "Service" || [...part.fields.values()].some((field) =>
    field.aspect === "exposure" && field.field === "spec.type" && OUTWARD.has(field.value));

  const labelsOf = (part) => {
    const found = new Map();
    for (const { aspect, field, value } of part.fields.values()) {
      if (aspect === "config" && field.startsWith(LABEL)) found.set(field.slice(LABEL.length), value);
    }
    return found;
  };

  const external = (id) => ({ id, role: "external", kind: "", group: "", version: "", since: -1, fields: new Map() });

  const partOf = (own, mark, fields) => ({
    id: own.id, role: own.role, kind: own.kind, team: own.group, version: own.version, since: own.since,
    artifacts: own.artifacts ?? [], settings: own.fields.size, labels: labelsOf(own), outward: isOutward(own), mark,
    fields, ins: [], outs: [], minor: false,
  });

  /* The graph of `state`; where an `earlier` state is given, each part and connection with what became of it. */
  const graph = (state, earlier) => {
    const parts = new Map();
    for (const own of state.components.values()) parts.set(own.id, partOf(own, "", []));
    let lines = [...state.connections.values()].map((line) => ({ ...line, mark: "", old: line.how, new: line.how }));
    if (earlier) {
      const differences = globalThis.assayHistory.diff(earlier, state);
      for (const { id, mark, fields } of differences.components) {
        if (mark === "same") continue;
        const own = state.components.get(id) ?? earlier.components.get(id);
        parts.set(id, { ...partOf(own, mark, fields ?? []), before: earlier.components.get(id)?.version ?? "" });
      }
      const key = (line) => JSON.stringify([line.source, line.target, line.port]);
      const marked = new Map(differences.connections.map((line) => [key(line), line]));
      const standing = new Set(lines.map(key));
      lines = lines.map((line) => {
        const found = marked.get(key(line));
        return found && found.mark !== "same" ? { ...line, mark: found.mark, old: found.old, new: found.new } : line;
      });
      lines.push(...[...marked].filter(([name, line]) => line.mark === "removed" && !standing.has(name))
        .map(([, line]) => ({ ...line, how: line.old ?? line.how })));
    }
    for (const line of lines) {
      for (const end of [line.source, line.target]) if (!parts.has(end)) parts.set(end, partOf(external(end), "", []));
      parts.get(line.source).outs.push(line);
      parts.get(line.target).ins.push(line);
    }
    for (const part of parts.values()) {
      const inside = part.role === "exposure" && !part.outward && part.outs.length > 0;
      part.minor = !part.mark && (RESOURCES.has(part.role) || inside);
    }
    return { parts: new Map([...parts].sort(([a], [b]) => (a < b ? -1 : 1))), lines };
  };

  const firstWord = (id) => id.split("/").pop().split(/[-_.]/)[0];

  /* The ways to group `parts` that make some groups, and not one of almost each: [{id, name, of}]. */
  const ways = (parts) => {
    const proposed = [{ id: "team", name: t("team"), of: (part) => part.team }];
    const labels = new Set(parts.flatMap((part) => [...part.labels.keys()]));
    for (const label of [...labels].sort()) {
      proposed.push({ id: LABEL + label, name: t("label {name}", { name: label }),
        of: (part) => part.labels.get(label) ?? "" });
    }
    proposed.push({ id: "word", name: t("first word of the name"), of: (part) => firstWord(part.id) });
    proposed.push({ id: "kind", name: t("kind"), of: (part) => part.kind });
    proposed.push({ id: "role", name: t("role"), of: (part) => roleWord(part.role) });
    const fit = proposed.filter((way) => {
      const named = parts.map(way.of).filter(Boolean);
      const groups = new Set(named).size;
      return groups >= 2 && groups <= parts.length * 0.6 && named.length >= parts.length * 0.3;
    });
    return [{ id: "", name: t("none"), of: () => "" }, ...fit];
  };

  /* The way that a graph begins with: none while it is small, else the first whose groups one overlooks. */
  const firstWay = (offered, parts) => {
    if (parts.length <= FEW) return offered[0];
    const good = offered.slice(1).find((way) => {
      const counts = new Map();
      for (const part of parts) counts.set(way.of(part), (counts.get(way.of(part)) ?? 0) + 1);
      return counts.size >= 4 && counts.size <= MANY_GROUPS && Math.max(...counts.values()) < parts.length * 0.6;
    });
    return good ?? offered[1] ?? offered[0];
  };

  const sharedMark = (marks) => {
    const kinds = new Set(marks);
    if (kinds.size === 1) return marks[0];
    return "changed";
  };

  const countMarks = (marks) => {
    const counts = { added: 0, removed: 0, changed: 0 };
    for (const mark of marks) if (mark) counts[mark] += 1;
    return counts;
  };

  /* What is to be seen: items (a part, or a closed group), open groups around them, and one line between any two items
     that are connected. `open` has the names of open groups. */
  const seen = (whole, way, open, withMinor) => {
    const groups = new Map();
    const home = new Map();
    const items = new Map();
    const single = (part, group) => {
      items.set(part.id, { key: part.id, part, group });
      home.set(part.id, part.id);
    };
    for (const part of whole.parts.values()) {
      if (part.minor && !withMinor) continue;
      if (!way.id) { single(part); continue; }
      const name = way.of(part) || t("without");
      const key = GROUP + name;
      if (!groups.has(key)) groups.set(key, { key, name, members: [], open: open.has(key) });
      groups.get(key).members.push(part);
    }
    for (const group of [...groups.values()]) {
      const { key, members } = group;
      // A group of one says less than the one.
      if (members.length === 1) { groups.delete(key); single(members[0]); continue; }
      group.marks = countMarks(members.map((part) => part.mark));
      group.mark = sharedMark(members.map((part) => part.mark));
      if (group.open) { for (const part of members) single(part, key); continue; }
      items.set(key, { key, closed: group });
      for (const part of members) home.set(part.id, key);
    }
    const between = new Map();
    for (const line of whole.lines) {
      const [from, to] = [home.get(line.source), home.get(line.target)];
      if (from === undefined || to === undefined || from === to) continue;
      const key = JSON.stringify([from, to]);
      if (!between.has(key)) between.set(key, { key, from, to, lines: [] });
      between.get(key).lines.push(line);
    }
    const lines = [...between.values()];
    for (const line of lines) line.mark = sharedMark(line.lines.map((one) => one.mark));
    return { items, groups, lines };
  };

  /* The items that a part of the graph has lines to, by item. */
  const neighbours = ({ lines }) => {
    const found = new Map();
    const note = (one, other, line) => {
      if (!found.has(one)) found.set(one, { items: new Set(), lines: new Set() });
      found.get(one).items.add(other);
      found.get(one).lines.add(line);
    };
    for (const line of lines) { note(line.from, line.to, line); note(line.to, line.from, line); }
    return found;
  };

  return { GROUP, countMarks, firstWay, graph, markWord, neighbours, roleWord, seen, ways };
})();
