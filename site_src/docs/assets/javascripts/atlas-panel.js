/* What stands beside the explored picture: the panel of one part, the table of a difference, and the legend. */
globalThis.assayAtlas ??= {};
globalThis.assayAtlas.panel = (() => {
  "use strict";

  const t = (text, values = {}) => (globalThis.assayTexts?.[text] ?? text).replace(/\{(\w+)\}/g, (_, k) => values[k]);

  const { element } = globalThis.assayAtlas.choice;
  const { markWord, roleWord } = globalThis.assayAtlas.model;
  const drawing = globalThis.assayAtlas.drawing;

  const LONG_VALUE = 160;
  const LONGEST_VALUE = 2000;
  const MOST_ROWS = 200;
  const MOST_LINKS = 60;

  const HOW_WORDS = {
    declared: t("declared"), reference: t("reference"), inferred: t("inferred"), exposes: t("exposes"),
  };
  const howWord = (how) => HOW_WORDS[how] ?? how;
  const STANDINGS = {
    equal: t("as upstream"), behind: t("waits"), ahead: t("ahead"), differs: t("differs"), alone: t("only here"),
  };

  const code = (text) => {
    const made = element("code", { className: "value", textContent: text });
    if (text.length > LONG_VALUE) {
      made.textContent = `${text.slice(0, LONG_VALUE - 1)}…`;
      made.title = text.slice(0, LONGEST_VALUE);
    }
    return made;
  };
  const absent = (text) => element("span", { className: "absent", textContent: text });
  const value = (raw) => {
    if (raw === null || raw === undefined) return absent(t("absent"));
    return raw === "" ? absent(t("empty text")) : code(raw);
  };
  const link = (root, page, text) => (page ? element("a", { href: root + page, textContent: text }) : text);
  const change = (mark) => element("span", { className: `change change-${mark}`, textContent: markWord(mark) });
  const day = (at) => (at ? at.slice(0, 10) : "");

  const table = (caption, titles, rows) => {
    const head = element("tr", {}, ...titles.map((title) => element("th", { scope: "col", textContent: title })));
    const body = element("tbody");
    for (const cells of rows) {
      const made = cells.map((cell, column) => {
        const box = column === 0 ? element("th", { scope: "row" }) : element("td");
        if (column > 0) box.dataset.label = titles[column];
        box.append(...[cell].flat());
        return box;
      });
      body.append(element("tr", {}, ...made));
    }
    return element("div", { className: "sheet" }, element("table", { className: "ledger stack" },
      element("caption", { className: "unseen", textContent: caption }), element("thead", {}, head), body));
  };

  const title = (text) => element("h3", { textContent: text });

  const told = (rows) => element("dl", { className: "facts-list" }, ...rows.map(([name, said]) =>
    element("div", {}, element("dt", { textContent: name }), element("dd", {}, ...[said].flat()))));

  const facts = (part, { history, root }) => {
    const since = history.deployments[part.since];
    const rows = [
      [t("Role"), roleWord(part.role)], [t("Kind"), part.kind], [t("Team"), part.team],
      ...part.artifacts.map(({ value: artifact }) => [t("Runs"), code(artifact)]),
    ];
    if (since) {
      const when = element("span", { className: "age", textContent: day(since.at) });
      rows.push([part.artifacts.length ? t("This version since") : t("Stands since"),
        [link(root, since.page, since.id), " ", when]]);
    }
    if (part.settings) rows.push([t("Settings"), String(part.settings)]);
    return told(rows.filter(([, said]) => said && said.length !== 0));
  };

  const connections = (part, jump) => {
    const list = (lines, end) => {
      const rows = lines.slice(0, MOST_LINKS).map((line) => {
        const other = element("button", { type: "button", className: "jump", textContent: line[end] });
        other.addEventListener("click", () => jump(line[end]));
        const notes = [line.port, howWord(line.how)].filter(Boolean).join(", ");
        const said = element("span", { className: "age", textContent: notes });
        return element("li", {}, other, " ", said, ...(line.mark ? [" ", change(line.mark)] : []));
      });
      if (lines.length > MOST_LINKS) {
        rows.push(element("li", { className: "age",
          textContent: t("{number} more: the table below has them", { number: lines.length - MOST_LINKS }) }));
      }
      return element("ul", { className: "plain" }, ...rows);
    };
    const sides = [];
    if (part.outs.length) sides.push(title(drawing.outCount(part.outs.length)), list(part.outs, "target"));
    if (part.ins.length) sides.push(title(drawing.inCount(part.ins.length)), list(part.ins, "source"));
    return sides.length ? sides : [title(t("Connections")), element("p", { textContent: t("No connection is known.") })];
  };

  const versions = (part, { now, root }) => {
    const known = now.parts.get(part.id);
    if (!known || !known.places.length) {
      return [title(t("In every environment now")), element("p", { textContent: t("It stands in no environment now.") })];
    }
    const rows = now.environments.map(([name], index) => {
      const place = known.places.find(([where]) => where === index);
      if (!place) return [name, [absent(t("absent"))]];
      const [, version, deployment, page, at, standing] = place;
      const beside = standing ? [" ", element("span", { className: `standing standing-${standing}`,
        textContent: STANDINGS[standing] ?? standing })] : [];
      return [name, [version ? code(version) : absent(t("no artifact")), ...beside, element("br"),
        link(root, page, deployment), " ", element("span", { className: "age", textContent: day(at) })]];
    });
    return [title(t("In every environment now")), told(rows)];
  };

  const found = (part, { findings, history, index, root }) => {
    const number = (at) => Number(history.deployments[at]?.id.split("-").pop() ?? 0);
    const at = number(index);
    const rows = findings.rows.filter(([subject, , , , , since, until]) =>
      subject === part.id && since <= at && (until === 0 || until > at));
    const made = rows.map(([, rule, anchor, level, message, , , owner]) => {
      const help = anchor ? element("a", { href: `${root}checks.html#${anchor}`, textContent: rule }) : rule;
      const waived = owner ? [" ", element("span", { className: "state state-waived",
        textContent: t("waived by {owner}", { owner }) })] : [];
      return element("li", {}, element("span", { className: `level level-${level}`, textContent: t(level) }), " ", message,
        " ", element("span", { className: "age" }, help), ...waived);
    });
    const parts = [title(t("Findings at this version")), made.length
      ? element("ul", { className: "plain" }, ...made) : element("p", { textContent: t("None.") })];
    if (findings.left) {
      parts.push(element("p", { className: "age",
        textContent: t("Findings that ended long ago are left out: {number}.", { number: findings.left }) }));
    }
    return parts;
  };

  const differences = (part) => {
    if (part.mark !== "changed") return [];
    if (!part.fields.length) {
      const said = t("Its names, ports, labels or references differ, and no field.");
      return [title(t("In this difference")), element("p", { textContent: said })];
    }
    const rows = part.fields.map((one) => element("li", {},
      element("span", { className: "field", textContent: one.field }), " ",
      element("span", { className: "aspect", textContent: t(one.aspect) }),
      element("span", { className: "after" }, value(one.old), " → ", value(one.new))));
    return [title(t("In this difference")), element("ul", { className: "plain" }, ...rows)];
  };

  /* The panel of `part`; `around` has what is known beside it, `jump` leads to another part, `close` closes. */
  const panelOf = (part, around, { jump, close }) => {
    const shut = element("button", { type: "button", className: "shut", textContent: "\u00d7" });
    shut.setAttribute("aria-label", t("Close"));
    shut.addEventListener("click", close);
    const heading = element("h2", { id: "atlas-part", tabIndex: -1, textContent: part.id });
    const page = around.now.parts.get(part.id)?.page ?? "";
    const more = page ? [element("p", {}, element("a", { href: around.root + page,
      textContent: t("Its history, versions and drift") }))] : [];
    return [shut, heading, ...(part.mark ? [element("p", {}, change(part.mark))] : []), facts(part, around), ...more,
      ...differences(part), ...versions(part, around), ...connections(part, jump), ...found(part, around)];
  };

  const differenceRows = (whole) => {
    const rows = [];
    for (const part of whole.parts.values()) {
      if (!part.mark) continue;
      const what = (field, aspect) => [field, ...(aspect ? [" ",
        element("span", { className: "aspect", textContent: t(aspect) })] : [])];
      const there = part.version ? code(part.version) : t("there");
      const row = (field, old, after) => rows.push([part.id, change(part.mark), field, old, after]);
      if (part.mark === "added") row(roleWord(part.role), value(null), there);
      else if (part.mark === "removed") row(roleWord(part.role), there, value(null));
      else if (!part.fields.length) row(t("names, ports, labels or references"), "", "");
      else for (const one of part.fields) row(what(one.field, one.aspect), value(one.old), value(one.new));
    }
    for (const line of whole.lines.filter((one) => one.mark)) {
      const name = `${line.source} → ${line.target}${line.port ? ` ${line.port}` : ""}`;
      const side = (how) => (how ? howWord(how) : value(null));
      rows.push([name, change(line.mark), t("connection"), side(line.old), side(line.new)]);
    }
    return rows;
  };

  /* The difference of a graph as a table, with its heading; long ones show their first rows until asked. */
  const differenceTable = (whole, heading) => {
    const rows = differenceRows(whole);
    const top = element("h2", { textContent: heading });
    if (!rows.length) return [top, element("p", { textContent: t("Nothing differs.") })];
    const titles = [t("Part"), t("What"), t("Field"), t("Before"), t("After")];
    const sheet = table(heading, titles, rows.slice(0, MOST_ROWS));
    if (rows.length <= MOST_ROWS) return [top, sheet];
    const all = element("button", { type: "button", className: "press",
      textContent: t("Show all {number} rows", { number: rows.length }) });
    all.addEventListener("click", () => { all.remove(); sheet.replaceWith(table(heading, titles, rows)); });
    return [top, sheet, all];
  };

  const legend = () => {
    const picture = (...shapes) => drawing.element("svg", { width: 42, height: 26, viewBox: "-3 -3 48 30",
      "aria-hidden": "true" }, ...shapes);
    const shape = (role) => picture(drawing.element("g", { class: `item role-${role}` },
      ...drawing.outline(role, 40, 22)));
    const entry = (drawn, words) => element("li", {}, drawn, " ", words);
    const roles = ["component", "exposure", "config", "volume", "external"].map((role) =>
      entry(shape(role), role === "config" ? t("config or secret") : roleWord(role)));
    const marks = drawing.MARKS.map((mark) => entry(picture(drawing.signOf(mark, 20, 12)), markWord(mark)));
    const line = (how, words) => entry(picture(drawing.element("g", { class: `line how-${how}` },
      drawing.element("path", { d: "M0 12H40", "marker-end": "url(#atlas-arrow)" }))), words);
    const lines = [line("declared", t("connection that is declared")), line("reference", t("reference")),
      line("inferred", t("connection that is inferred"))];
    return element("ul", { className: "atlas-legend" }, ...roles, ...marks, ...lines);
  };

  return { differenceTable, legend, panelOf };
})();
