/* A past of two deployments with many parts, in the words of history.js: 1,000 parts of 40 teams, 2,000 connections. */
(() => {
  const PARTS = 1000;
  const TEAM = 25;
  let seed = 7;
  const random = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
  const name = (number) => `service-${String(number).padStart(4, "0")}`;
  const part = (number, deployment) => {
    const version = number % 97 === 0 ? `2.${deployment}` : "1.0";
    const tier = { aspect: "config", field: "labels.tier", value: `tier-${number % 5}` };
    return {
      id: name(number), role: "component", kind: "Deployment", version, digest: version, since: 0, artifacts: [],
      group: `team-${String(Math.floor(number / TEAM)).padStart(2, "0")}`, fields: new Map([["labels.tier", tier]]),
    };
  };
  const stateOf = (deployment) => {
    seed = 7;
    const components = new Map();
    for (let number = 0; number < PARTS; number += 1) components.set(name(number), part(number, deployment));
    if (deployment === 1) components.delete(name(500));
    const connections = new Map();
    while (connections.size < 2 * PARTS) {
      const from = Math.floor(random() * PARTS);
      const near = Math.floor(from / TEAM) * TEAM + Math.floor(random() * TEAM);
      const to = random() < 0.8 ? near : Math.floor(random() * PARTS);
      if (to === from) continue;
      connections.set(`${from} ${to}`, { source: name(from), target: name(to), how: "declared", port: "8080" });
    }
    return { components, connections };
  };
  const deployments = [1, 2].map((number) => ({
    index: number - 1, id: `production-${number}`, at: `2026-0${number}-01T10:00:00Z`, kind: "forward", page: "",
    commit: "", digest: "",
  }));
  const states = [stateOf(1), stateOf(2)];
  const nothing = { components: new Map(), connections: new Map() };
  globalThis.assayHistory = {
    load: async () => ({
      deployments, indexAt: () => 0, named: async () => deployments, stateAt: async (index) => states[index] ?? nothing,
    }),
    diff: (one, other) => ({
      components: [...new Set([...one.components.keys(), ...other.components.keys()])].sort().map((id) => {
        const [old, now] = [one.components.get(id), other.components.get(id)];
        if (!old || !now) return { id, mark: old ? "removed" : "added", fields: [] };
        if (old.digest === now.digest) return { id, mark: "same", fields: [] };
        const field = { field: "image", aspect: "artifact", old: old.version, new: now.version };
        return { id, mark: "changed", fields: [field] };
      }),
      connections: [],
    }),
  };
})();
