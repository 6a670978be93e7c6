/* The page Find: releases, components, versions, commits and digests of all environments, by the beginnings of words.

   The index (generator/site/finding/indexing.py) stands in sorted shards: the directory says with which term each
   begins and what it is called, so that a query loads the one or two that hold its words, then the entries that are
   shown. A line of such a shard is the term and its entries among components, versions, releases and other deployments,
   each time the newest first. */
(() => {
  "use strict";

  const { t, element, load, numbers, newest, moment, kind, root, copied, link, count } = globalThis.assay;
  const [COMPONENT, VERSION, RELEASE, DEPLOYMENT] = [0, 1, 2, 3];
  const LETTERS = ["c", "v", "r", "d"];
  const TITLES = [t("Components"), t("Versions"), t("Releases"), t("Other deployments")];
  const COMMITS = t("Commits and digests");
  const FIRST = 8;
  const MORE = 25;
  const LEAST = 2;
  const LONGEST = 48;
  const MOST_SHARDS = 4;
  const MOST_CHUNKS = 8;
  const LEAST_ID = 4;
  const ID_DIGITS = 16;
  const EXACT = 2;
  const BEGINS = 1;

  const place = document.querySelector(".find-page");
  const rest = document.querySelector("[data-find-rest]");
  const folder = new URL(place.dataset.find, location.href).href;
  let directory;
  // Where each component stands among the names of all.
  let ranks;

  /* Shards */

  const taken = async (name) => {
    await load(`${folder}${name}.js`);
    const lines = globalThis.assayFound[name].split("\n");
    delete globalThis.assayFound[name];
    return lines;
  };
  const shards = new Map();
  const shard = (name) => {
    if (!shards.has(name)) shards.set(name, taken(name));
    return shards.get(name);
  };

  const entryOf = async (group, number) => {
    const size = directory.shard;
    return (await shard(`${LETTERS[group]}${Math.floor(number / size)}`))[number % size].split("\t");
  };

  // Where the first line stands that is not before `term`.
  const firstNotBefore = (list, term, key) => {
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (key(list[middle]) < term) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const termOf = (line) => line.slice(0, line.indexOf("\t"));

  // Every line whose term begins so, from at most so many shards; the cut is told.
  const beginning = async ([firsts, names], start, most) => {
    const found = [];
    let at = Math.max(0, firstNotBefore(firsts, start, (first) => first) - 1);
    for (let read = 0; at < firsts.length && firsts[at] <= `${start}\uffff`; at += 1, read += 1) {
      if (read === most) return { found, cut: true };
      const list = await shard(names[at]);
      for (let line = firstNotBefore(list, start, termOf); line < list.length && list[line].startsWith(start); line += 1) {
        found.push(list[line].split("\t"));
      }
    }
    return { found, cut: false };
  };

  /* Words: for each word of the query a mark for every entry, EXACT or BEGINS */

  const SEPARATOR = /[^\p{L}\p{N}]+/u;
  const partsOf = (word) => word.split(SEPARATOR).filter(Boolean);
  const trimmed = (word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, "");

  const empty = () => directory.counts.map((number) => new Uint8Array(number));

  const marksOf = async (term, told) => {
    const marks = empty();
    const { found, cut } = await beginning(directory.words, term, told.most);
    if (cut) told.cut = true;
    for (const [word, ...groups] of found) {
      const mark = word === term ? EXACT : BEGINS;
      groups.forEach((places, group) => {
        for (const number of newest(places)) marks[group][number] = Math.max(marks[group][number], mark);
      });
    }
    return marks;
  };

  const join = (all, pick) => all[0].map((first, group) => first.map((_, at) => pick(all.map((marks) => marks[group][at]))));

  const isId = (word) => /^[0-9a-f]+$/.test(word) && word.length >= LEAST_ID && word.length <= 64;

  const idsOf = async (word, told) => {
    const { found, cut } = await beginning(directory.ids, word.slice(0, ID_DIGITS), told.most);
    if (cut) told.cut = true;
    return found.flatMap(([id, ...groups]) =>
      groups.flatMap((places, group) => newest(places).reverse().map((number) => ({ id, group, number }))));
  };

  const chunkMarks = async (word, told) => {
    const whole = trimmed(word).slice(0, LONGEST);
    const parts = partsOf(word).map((part) => part.slice(0, LONGEST)).filter((part) => part.length >= LEAST);
    const ways = [await marksOf(whole, told)];
    // production-4812 stands nowhere as one word; production and 4812 do.
    if (parts.length > 1 && !ways[0].some((marks) => marks.some(Boolean))) {
      ways.push(join(await Promise.all(parts.map((part) => marksOf(part, told))), (marks) => Math.min(...marks)));
    }
    // A version that is a whole hash stands under its first digits.
    if (isId(whole) && whole.length > 12) ways.push(await marksOf(whole.slice(0, 12), told));
    return ways.length > 1 ? join(ways, (marks) => Math.max(...marks)) : ways[0];
  };

  const ranked = (chunks) => {
    const groups = [];
    for (const group of LETTERS.keys()) {
      const found = [];
      for (let number = 0; number < directory.counts[group]; number += 1) {
        let score = 0;
        for (const marks of chunks) {
          if (!marks[group][number]) { score = -1; break; }
          score += marks[group][number];
        }
        if (score > 0) found.push({ group, number, score });
      }
      // Components by their names; of all others the newest have the largest numbers.
      const before = group === COMPONENT ? (a, b) => ranks[a.number] - ranks[b.number] : (a, b) => b.number - a.number;
      found.sort((a, b) => b.score - a.score || before(a, b));
      // Who names a component or a version means it; the versions of a component that is named come later.
      const named = group === COMPONENT || (group === VERSION && !groups[COMPONENT].found.length) ? 0.1 : 0;
      const best = found.length ? found[0].score / chunks.length : 0;
      groups.push({ title: TITLES[group], found, best: best === EXACT ? best + named : best });
    }
    return groups;
  };

  const commits = async (word, told) => {
    const byId = new Map();
    for (const hit of await idsOf(word, told)) {
      if (!byId.has(hit.id)) byId.set(hit.id, []);
      byId.get(hit.id).push(hit);
    }
    const found = [...byId].map(([id, hits]) => ({ id, hits, score: EXACT, newest: Math.max(...hits.map((hit) => hit.number)) }));
    found.sort((a, b) => b.newest - a.newest);
    return { title: COMMITS, found, best: word.length >= 7 ? EXACT + 1 : BEGINS / 2 };
  };

  const search = async (query) => {
    const words = query.toLowerCase().split(/\s+/).filter((word) => trimmed(word)).slice(0, MOST_CHUNKS);
    const long = words.filter((word) => trimmed(word).length >= LEAST || /^\d$/.test(trimmed(word)));
    if (!long.length) return null;
    // Many words ask for many shards, and each of them narrows what the others find.
    const told = { cut: false, most: Math.max(2, Math.floor(MOST_SHARDS / long.length)) };
    const chunks = await Promise.all(long.map(async (word) => {
      const marks = await chunkMarks(word, told);
      if (long.length > 1 && isId(word)) {
        for (const { group, number } of await idsOf(word, told)) marks[group][number] = EXACT;
      }
      return marks;
    }));
    const groups = ranked(chunks);
    if (long.length === 1 && isId(long[0])) groups.push(await commits(long[0], told));
    const order = [RELEASE, COMPONENT, VERSION, DEPLOYMENT, LETTERS.length];
    const rank = new Map(groups.map((group, at) => [group, order.indexOf(at)]));
    const shown = groups.filter(({ found }) => found.length);
    shown.sort((a, b) => b.best - a.best || rank.get(a) - rank.get(b));
    return { groups: shown, cut: told.cut };
  };

  /* Results */

  const partOf = (sequence) => Math.floor((Math.max(sequence, 1) - 1) / directory.part) + 1;
  const pageOf = (environment, sequence, page) => {
    const pattern = directory.environments[environment][2];
    const path = pattern ? pattern.replaceAll("{n}", sequence).replaceAll("{p}", partOf(sequence)) : page;
    return path ? root + path : "";
  };
  const several = () => directory.environments.filter(([, production]) => production).length > 1;
  const nameOf = (environment, sequence, tags) => {
    const [name, production] = directory.environments[environment];
    const number = tags || sequence;
    if (!production) return `${name}-${sequence}`;
    return several() ? t("Release {name} of {environment}", { name: number, environment: name }) : t("Release {name}", { name: number });
  };

  const item = (target, name, marks, says) => {
    const way = target ? element("a", { href: target }, name) : element("span", {}, name);
    const made = element("li", {}, element("span", { className: "find-name" }, way), ...marks.flatMap((mark) => [" ", mark]));
    if (says) made.append(element("span", { className: "find-says" }, says));
    return made;
  };

  const deployment = async ({ group, number }) => {
    const [environment, sequence, at, kindAt, commit, subject, tags, page] = await entryOf(group, number);
    const code = element("code", { className: "digest" }, commit);
    const target = pageOf(environment, sequence, page);
    return item(target, nameOf(environment, sequence, tags), [moment(at), kind(directory.kinds[kindAt]), code], subject);
  };

  const component = async ({ number }) => {
    const [name, page] = await entryOf(COMPONENT, number);
    return item(page && root + page, name, [], "");
  };

  const version = async ({ number }) => {
    const [at, name, firsts] = await entryOf(VERSION, number);
    const [of, page] = await entryOf(COMPONENT, at);
    const ways = firsts.split(" ").map((first) => {
      const [environment, sequence] = first.split(":").map(Number);
      const target = pageOf(environment, sequence, "");
      const words = `${directory.environments[environment][0]} ${sequence}`;
      return target ? element("a", { href: target }, words) : element("span", {}, words);
    });
    const says = element("span", {}, t("first in"), " ", ...ways.flatMap((way, index) => (index ? [", ", way] : [way])));
    return item(page && root + page, `${of} ${name}`, [], says);
  };

  const commit = async ({ id, hits }) => {
    const rows = await Promise.all(hits.slice(-FIRST).reverse().map(deployment));
    const code = element("code", { className: "digest" }, id.slice(0, 12));
    return element("li", {}, code, element("ul", {}, ...rows));
  };

  const drawOne = (hit) => {
    if (hit.id) return commit(hit);
    return hit.group === COMPONENT ? component(hit) : hit.group === VERSION ? version(hit) : deployment(hit);
  };

  const drawGroup = async ({ title, found }, at) => {
    const head = element("h2", { id: `found-${at}` }, title, " ", element("span", { className: "age" }, count(found.length)));
    const list = element("ul", { className: "find-list" }, ...(await Promise.all(found.slice(0, FIRST).map(drawOne))));
    const section = element("section", {}, head, list);
    section.setAttribute("aria-labelledby", head.id);
    if (found.length > FIRST) {
      const button = element("button", { type: "button", className: "find-more" });
      const label = () => { button.textContent = t("Show {some} more", { some: count(Math.min(MORE, found.length - list.children.length)) }); };
      button.addEventListener("click", async () => {
        const from = list.children.length;
        list.append(...(await Promise.all(found.slice(from, from + MORE).map(drawOne))));
        list.children[from]?.querySelector("a")?.focus();
        if (list.children.length >= found.length) button.remove();
        else label();
      });
      label();
      section.append(button);
    }
    return section;
  };

  /* The page */

  const input = element("input", { type: "search", id: "find-words", autocomplete: "off", spellcheck: false, placeholder: t("checkout 1.9, production-4812, 3821603") });
  const status = element("p", { className: "find-status" });
  const results = element("div", { className: "find-results" });
  const share = element("button", { type: "button", className: "take", hidden: true }, t("Copy link"));
  let latest;

  const say = (found) => {
    if (!found) return t("Type two letters or more.");
    const total = found.groups.reduce((sum, group) => sum + group.found.length, 0);
    if (!total) return t("Nothing found. Words are found by how they begin; a commit or digest from four digits on, if it was deployed.");
    if (found.cut) return t("{total} found among the first words that begin so; type more of a word to see all.", { total: count(total) });
    return t("{total} found", { total: count(total) });
  };

  const ask = async () => {
    const query = input.value.trim();
    const asked = (latest = { query });
    const hash = query ? `q=${encodeURIComponent(query)}` : "";
    if (location.hash.slice(1) !== hash && (hash || location.hash.startsWith("#q="))) {
      history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
    }
    rest.hidden = Boolean(query);
    share.hidden = !query;
    if (!query) {
      results.replaceChildren();
      status.textContent = "";
      return;
    }
    try {
      if (!directory) {
        await load(`${folder}${place.dataset.directory}.js`);
        directory = globalThis.assayFind;
        ranks = numbers(directory.ranks);
      }
      const found = await search(query);
      if (latest !== asked) return;
      const sections = found ? await Promise.all(found.groups.map(drawGroup)) : [];
      if (latest !== asked) return;
      results.replaceChildren(...sections);
      status.textContent = say(found);
    } catch (fault) {
      if (latest === asked) status.textContent = fault.message;
    }
  };

  const ways = () => [...results.querySelectorAll(".find-name a, .find-more")];
  const move = (by) => {
    const every = ways();
    const at = every.indexOf(document.activeElement) + by;
    if (at < 0) input.focus();
    else every[Math.min(at, every.length - 1)]?.focus();
  };

  let waiting;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(ask, 80); };
  const now = async () => { clearTimeout(waiting); await ask(); };
  input.addEventListener("input", soon);
  place.addEventListener("keydown", async (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target === input) {
      event.preventDefault();
      await now();
      ways()[0]?.click();
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (event.target === input) { input.value = ""; await now(); }
      input.focus();
    }
  });
  share.addEventListener("click", async () => {
    const done = await copied(link(`q=${encodeURIComponent(input.value.trim())}`));
    status.textContent = done ? t("The link to this search is copied.") : t("The browser did not let it be copied");
  });

  const read = () => {
    const words = new URLSearchParams(location.hash.slice(1)).get("q");
    if (words === null || words === input.value.trim()) return;
    input.value = words;
    ask();
  };

  status.setAttribute("aria-live", "polite");
  input.setAttribute("aria-describedby", "find-help");
  const help = element("p", { className: "find-help", id: "find-help" },
    t("Words by their beginnings, all of them must fit. Arrows go through what is found, Enter opens the first, Escape begins again."));
  const field = element("div", { className: "find-field" }, element("label", { htmlFor: input.id }, t("Find")), input, share);
  field.setAttribute("role", "search");
  field.setAttribute("aria-label", t("Everything in this report"));
  place.append(field, help, status, results);
  place.hidden = false;
  addEventListener("hashchange", read);
  read();
  if (!location.hash) input.focus();
})();
