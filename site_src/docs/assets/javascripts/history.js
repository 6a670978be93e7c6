/* The past of every environment, for scripts: which deployments there were, and what stood at each of them.

   Loads files of `assets/history/` when they are first needed, each once, from a server and from a folder alike.

   globalThis.assayHistory
     .environments()      Promise of [{name, production, upstream, deployments, first, last}] in the order of promotion;
                          `deployments` is how many there were, `first` and `last` are their times (ISO, "" if unknown).
     .load(environment)   Promise of its History; rejects where there is no such environment.
     .componentPages()    Promise of a Map from the id of all that was ever a component to its page, from the site's root.
     .diff(one, other)    What differs from one State to another, of one environment or of two:
                          {components: [{id, mark, kind, role, fields: [{field, aspect, old, new}]}],
                           connections: [{source, target, port, how, mark, old, new}]}, both sorted;
                          `mark` is "added", "removed", "changed" or "same"; `old` and `new` are null where one side has
                          none (of a connection they are how it is known). A component that is "changed" with no fields
                          differs in its names, ports, labels or references alone.
     .standing(component, upstream)   How a component of a State stands beside its upstream's State: "equal", "behind",
                          "ahead", "differs", "alone", or "" where one of the two environments has nothing then.

   History
     .name                its environment
     .deployments         [{index, id, at, kind, page, tags, commit, digest}], oldest first, in the order of the history. `at` is
                          ISO in UTC or ""; `page` leads from the root of the site, with its #place, or is "".
                          `tags` are those that make it a release, or "". `commit` and `digest` are "" until `named()` has come; then their first 12 characters.
     .named()             Promise of the same list with every `commit` and `digest` filled in.
     .indexAt(iso)        Index of the last deployment, in that order, that is dated at or before a time; -1 where none is.
                          A day alone (`2026-03-01`) means its end.
     .stateAt(index)      Promise of the State after that deployment; -1 gives one in which nothing stands.

   State                  Never change one: parts of it are shared with others.
     .environment .index .deployment (of the list above, or null)
     .commit .digest      in full
     .components          Map of id → {id, role, kind, group, version, digest, since, artifacts, fields}
                            role       "component", "exposure", "config", "secret", "volume" or "external"
                            group      the team that looks after it, else what it says it is part of, else ""
                            version    what people call its artifact's version; "" where it runs none
                            digest     the same for the same content
                            since      index of the deployment that last changed its artifact (for what has none: that
                                       brought it)
                            artifacts  [{field, value, upstream}]; `upstream` is the index at which the upstream
                                       environment first had this value, -1 where it never did
                            fields     Map of key → {aspect, field, value}; the key is aspect and field, since two
                                       aspects may share a field's name. A secret's value is a fingerprint.
     .connections         Map of key → {source, target, how, port}; the same connection has the same key in every State */
(() => {
  "use strict";

  const t = (text, values = {}) => (globalThis.assayTexts?.[text] ?? text).replace(/\{(\w+)\}/g, (_, k) => values[k]);

  const FOLDER = new URL("../history/", document.currentScript.src).href;
  const SEPARATOR = "\u0000";

  // Every file is asked for once; one that can't be loaded may be asked for again.
  const asked = new Map();
  const part = (file, name) => {
    if (!asked.has(name)) {
      asked.set(name, new Promise((done, failed) => {
        const script = document.createElement("script");
        script.src = FOLDER + file;
        script.addEventListener("load", () => done(globalThis.assayHistoryParts[name]));
        script.addEventListener("error", () => { asked.delete(name); failed(new Error(t("{source} could not be loaded", { source: file }))); });
        document.head.append(script);
      }));
    }
    return asked.get(name);
  };

  const listed = () => part("environments.js", "environments");

  const iso = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

  // Pairs and triples stand flat in the files.
  const each = (flat, size, take) => {
    for (let at = 0; at < flat.length; at += size) take(...flat.slice(at, at + size));
  };

  /* A component; its fields are put together when somebody looks at them, since most are never looked at. */
  class Component {
    #shard; #row; #was; #fields; #artifacts;

    constructor(shard, row, was) {
      this.#shard = shard;
      this.#row = row;
      this.#was = row.length > 9 ? was : undefined;
      [this.id, this.role, this.kind, this.group, this.version, this.digest] = row.slice(0, 6).map((n) => shard.texts[n]);
      this.since = row[6];
    }

    get artifacts() {
      if (!this.#artifacts) {
        this.#artifacts = [];
        each(this.#row[7], 3, (key, text, first) => {
          const [field, value] = [this.#shard.field(key), this.#shard.texts[text]];
          const upstream = first < 0 ? this.#shard.late.get([this.id, field, value].join(SEPARATOR)) ?? first : first;
          this.#artifacts.push({ field, value, upstream });
        });
      }
      return this.#artifacts;
    }

    // What it was set against may be hundreds of steps away: no recursion.
    #steps() {
      const steps = [];
      for (let one = this; one && !one.#fields; one = one.#was) steps.push(one);
      return steps.reverse();
    }

    #settle() {
      const settings = new Map(this.#was ? [...this.#was.#fields].filter(([, field]) => field.aspect !== "artifact") : []);
      for (const key of this.#row[9] ?? []) settings.delete(this.#shard.key(key));
      each(this.#row[8], 2, (key, text) => {
        settings.set(this.#shard.key(key), { aspect: this.#shard.aspect(key), field: this.#shard.field(key), value: this.#shard.texts[text] });
      });
      const artifacts = this.artifacts.map(({ field, value }) => [`artifact ${field}`, { aspect: "artifact", field, value }]);
      this.#fields = new Map([...artifacts, ...settings]);
      this.#was = undefined;
    }

    get fields() {
      for (const one of this.#steps()) one.#settle();
      return this.#fields;
    }
  }

  class Shard {
    // `late` tells when the upstream had what it did not have yet when the shard was written.
    constructor(data, late) {
      this.data = data;
      this.texts = data.texts;
      this.late = late;
      this.start = { components: new Map(), connections: new Map() };
      this.apply(this.start, data.components, [], data.connections, []);
    }

    aspect(key) { return this.texts[this.data.keys[2 * key]]; }
    field(key) { return this.texts[this.data.keys[2 * key + 1]]; }
    key(key) { return `${this.aspect(key)} ${this.field(key)}`; }

    apply(state, components = [], gone = [], connections = [], ended = []) {
      const name = (ends) => ends.slice(0, 3).map((n) => this.texts[n]).join(SEPARATOR);
      for (const n of gone) state.components.delete(this.texts[n]);
      for (const row of components) {
        const id = this.texts[row[0]];
        state.components.set(id, new Component(this, row, state.components.get(id)));
      }
      for (const ends of ended) state.connections.delete(name(ends));
      for (const ends of connections) {
        const [source, target, port, how] = ends.map((n) => this.texts[n]);
        state.connections.set(name(ends), { source, target, how, port });
      }
    }

    // The state after the deployment at `index`, from the nearest one that is known.
    state(index) {
      const from = this.nearest && this.nearest.index <= index ? this.nearest : { index: this.data.first - 1, ...this.start };
      const state = { index, components: new Map(from.components), connections: new Map(from.connections) };
      for (let at = from.index + 1; at <= index; at += 1) {
        this.apply(state, ...this.data.deployments[at - this.data.first].slice(2));
      }
      this.nearest = state;
      return state;
    }

    commit(index) { return this.texts[this.data.deployments[index - this.data.first][0]]; }
    digest(index) { return this.texts[this.data.deployments[index - this.data.first][1]]; }
  }

  class History {
    #number; #folder; #starts; #late; #shards = new Map(); #named;

    constructor(number, environment, data) {
      this.name = environment.name;
      this.#number = number;
      this.#folder = environment.folder;
      this.#starts = data.shards;
      this.#late = new Map((data.late ?? []).map(([id, field, value, index]) => [[id, field, value].join(SEPARATOR), index]));
      let seconds = 0;
      this.deployments = data.kind.map((kind, index) => {
        const id = `${this.name}-${index + 1}`;
        const place = data.anchors?.[index] ?? id;
        const list = `environments/part-${Math.floor(index / data.part) + 1}-${environment.folder}.html#${encodeURIComponent(place)}`;
        const page = environment.production ? `releases/${data.releases?.[index] ?? id}.html` : list;
        const delta = data.times[index];
        if (delta !== null) seconds += delta;
        const at = delta === null ? "" : iso(seconds);
        return { index, id, at, kind: data.kinds[kind], page, commit: "", digest: "", tags: data.tags[index] ?? "" };
      });
    }

    named() {
      this.#named ??= part(`${this.#folder}/names.js`, `${this.#number}/names`).then(({ commits, digests }) => {
        this.deployments.forEach((one, index) => { one.commit = commits[index]; one.digest = digests[index]; });
        return this.deployments;
      });
      return this.#named;
    }

    indexAt(time) {
      return this.deployments.findLastIndex(({ at }) => at && at.slice(0, time.length) <= time);
    }

    async stateAt(index) {
      const head = { environment: this.name, index, deployment: this.deployments[index] ?? null };
      if (!head.deployment) return { ...head, index: -1, commit: "", digest: "", components: new Map(), connections: new Map() };
      const number = this.#starts.findLastIndex((first) => first <= index);
      const data = await part(`${this.#folder}/${number}.js`, `${this.#number}/${number}`);
      if (!this.#shards.has(number)) this.#shards.set(number, new Shard(data, this.#late));
      const shard = this.#shards.get(number);
      return { ...head, commit: shard.commit(index), digest: shard.digest(index), ...shard.state(index) };
    }
  }

  const histories = new Map();

  const load = (name) => {
    if (!histories.has(name)) {
      const loading = listed().then(async (environments) => {
        const number = environments.findIndex((one) => one.name === name);
        if (number < 0) throw new Error(t("there is no environment {name}", { name }));
        const one = environments[number];
        const none = { shards: [], kind: [], kinds: [], times: [], tags: {}, part: 1 };
        return new History(number, one, one.deployments ? await part(`${one.folder}/index.js`, `${number}`) : none);
      });
      loading.catch(() => histories.delete(name));
      histories.set(name, loading);
    }
    return histories.get(name);
  };

  const environments = async () => (await listed()).map(({ name, production, upstream, deployments, first, last }) => (
    { name, production, upstream, deployments, first, last }));

  const componentPages = async () => new Map(
    (await part("components.js", "components")).map(([id, page]) => [id, `components/${page ?? id}.html`]));

  const inOrder = (left, right) => (left < right ? -1 : Number(left > right));
  const both = (one, other) => [...new Set([...one.keys(), ...other.keys()])].sort(inOrder);
  const marked = (old, now, same) => (old ? (now ? (same ? "same" : "changed") : "removed") : "added");

  const differing = (old, now) => {
    const before = old?.fields ?? new Map();
    const after = now?.fields ?? new Map();
    return both(before, after).map((key) => ({ was: before.get(key), is: after.get(key) }))
      .filter(({ was, is }) => was?.value !== is?.value)
      .map(({ was, is }) => ({
        field: (was ?? is).field, aspect: (was ?? is).aspect, old: was?.value ?? null, new: is?.value ?? null }));
  };

  const diff = (one, other) => ({
    components: both(one.components, other.components).map((id) => {
      const [old, now] = [one.components.get(id), other.components.get(id)];
      const mark = marked(old, now, old?.digest === now?.digest);
      const { kind, role } = now ?? old;
      return { id, mark, kind, role, fields: mark === "same" ? [] : differing(old, now) };
    }),
    connections: both(one.connections, other.connections).map((key) => {
      const [old, now] = [one.connections.get(key), other.connections.get(key)];
      const { source, target, port, how } = now ?? old;
      return { source, target, port, how, mark: marked(old, now, old?.how === now?.how), old: old?.how ?? null, new: now?.how ?? null };
    }),
  });

  const standing = (component, upstream) => {
    const theirs = upstream.components.get(component.id);
    if (!upstream.components.size) return "";
    if (!theirs) return "alone";
    const other = new Map(theirs.artifacts.map(({ field, value }) => [field, value]));
    if (other.size !== component.artifacts.length || component.artifacts.some(({ field }) => !other.has(field))) return "differs";
    const unequal = component.artifacts.filter(({ field, value }) => other.get(field) !== value);
    if (!unequal.length) return "equal";
    return unequal.every((artifact) => artifact.upstream >= 0 && artifact.upstream <= upstream.index) ? "behind" : "ahead";
  };

  globalThis.assayHistory = { environments, load, componentPages, diff, standing };
})();
