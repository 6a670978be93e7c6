/* The past of every environment, for scripts: which deployments there were, and what stood at each of them.

   Loads files of `assets/history/` when they are first needed, each once, from a server and from a folder alike.

   globalThis.assayHistory
     .environments()      Promise of [{name, production, upstream, deployments, first, last}] in the order of promotion;
                          `deployments` is how many there were, `first` and `last` are their times (ISO, "" if unknown).
     .load(environment)   Promise of its History; rejects where there is no such environment.
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
     .deployments         [{index, id, at, kind, page, commit, digest}], oldest first, in the order of the history. `at` is
                          ISO in UTC or ""; `page` leads from the root of the site, with its #place, or is "".
                          `commit` and `digest` are "" until `named()` has come; then their first 12 characters.
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
