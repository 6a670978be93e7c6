/* What every page and every other script of ours uses: texts in the site's language, elements made safely, data loaded
   on demand, copy buttons, and the way to Find. Every page reads well without.

   globalThis.assay gives
     root          address of the report's root, ending in "/"
     t(text, {})   text in the language of the site, with {name} set in
     element(name, properties, ...children)   an element; texts among the children are text, never markup
     load(source)  a promise that is kept when the script at that address has run; each runs once
     numbers(text), newest(text), signed(text)   lists of numbers as generator/site/finding/packing.py writes them
     moment(iso)   <time> with the words that pages use, or a mark that the time is unknown
     kind(name), flag(name)   the marks of a release
     copied(text)  a promise of whether the text is in the clipboard
     link(hash)    address of this page with that fragment */
(() => {
  "use strict";

  const t = (text, values = {}) =>
    (globalThis.assayTexts?.[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const root = new URL("../../", document.currentScript.src).href;

  // Where the report is a guest in another site, what it adds stands in its own element, and the header is the host's.
  const home = document.querySelector(".assay") ?? document.body;
  const isGuest = "guest" in home.dataset;

  const loading = new Map();
  const load = (source) => {
    if (!loading.has(source)) {
      loading.set(source, new Promise((done, failed) => {
        const script = element("script", { src: source });
        script.addEventListener("load", () => done());
        script.addEventListener("error", () => {
          loading.delete(source);
          failed(new Error(t("{source} could not be loaded", { source })));
        });
        document.head.append(script);
      }));
    }
    return loading.get(source);
  };

  // Five bits a character, and a sixth that says whether more follow.
  const DIGITS = new Uint8Array(128);
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].forEach((sign, at) => {
    DIGITS[sign.charCodeAt(0)] = at;
  });
  const numbers = (text) => {
    const found = [];
    for (let at = 0; at < text.length;) {
      let value = 0;
      for (let unit = 1; ; unit *= 32) {
        const digit = DIGITS[text.charCodeAt(at)];
        at += 1;
        value += (digit & 31) * unit;
        if (digit < 32) break;
      }
      found.push(value);
    }
    return found;
  };
  const newest = (text) => {
    let last = 0;
    return numbers(text).map((step, at) => (last = at ? last - step : step));
  };
  const signed = (text) => numbers(text).map((value) => (value % 2 ? -(value + 1) / 2 : value / 2));

  const WEEKDAYS = [t("Sun"), t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat")];
  const moment = (iso) => {
    const when = new Date(iso);
    if (!iso || Number.isNaN(when.getTime())) return element("span", { className: "unknown" }, t("time unknown"));
    const day = WEEKDAYS[when.getUTCDay()];
    return element("time", { dateTime: iso }, `${day} ${when.toISOString().slice(0, 16).replace("T", " ")} UTC`);
  };

  // The name is also a class, so it must be one of ours; the word beside it may be in another language.
  const kind = (name) => element("span", { className: `kind kind-${name}` }, t(name));
  const flag = (name) => element("span", { className: `flag flag-${name}` }, t(name));

  const copied = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Without a clipboard of their own, as from a server without TLS, browsers still copy what is selected.
      const held = element("textarea", { value: text, readOnly: true, className: "unseen" });
      const active = document.activeElement;
      home.append(held);
      held.select();
      const done = document.execCommand("copy");
      held.remove();
      active?.focus();
      return done;
    }
  };

  const link = (hash) => location.href.replace(/#.*$/, "") + (hash ? `#${hash}` : "");

  globalThis.assay = { root, t, element, load, numbers, newest, signed, moment, kind, flag, copied, link };

  const said = element("span", { className: "unseen" });
  said.setAttribute("aria-live", "polite");

  const copyButton = (label, text) => {
    const button = element("button", { type: "button", className: "copy", title: label });
    button.setAttribute("aria-label", label);
    let waiting;
    button.addEventListener("click", async () => {
      const done = await copied(text());
      said.textContent = done ? t("Copied") : t("The browser did not let it be copied");
      button.classList.toggle("copied", done);
      clearTimeout(waiting);
      waiting = setTimeout(() => { button.classList.remove("copied"); said.textContent = ""; }, 1500);
    });
    return button;
  };

  const makeCopies = (part) => {
    for (const code of part.querySelectorAll("[data-copy]")) {
      code.after(copyButton(t("Copy {text} in full", { text: code.dataset.copy }), () => code.dataset.copy));
    }
    for (const place of part.querySelectorAll("[data-copy-link]")) {
      const label = place.dataset.copyLabel || t("Copy the link to this");
      place.append(copyButton(label, () => new URL(place.dataset.copyLink, location.href).href));
    }
  };
  globalThis.assay.makeCopies = makeCopies;

  // The page Find is one key away from every page, and one link away from the theme's own search. Where it stands, the
  // navigation says.
  const onFind = () => document.querySelector(".find-page input");
  const navigation = document.querySelector('nav a[href$="find.html"], nav a[href$="find/"]');
  const findPage = navigation?.href ?? (document.querySelector(".find-page") ? link("") : "");

  const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");

  const leadToFind = () => {
    addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (onFind()) onFind().focus();
      else location.href = findPage;
    }, true);
    if (isGuest) return;
    const bar = document.querySelector(".md-header__inner, [data-find-bar]");
    if (bar && !bar.querySelector(".find-way")) {
      const way = element("a", { className: "find-way", href: findPage, title: t("Find releases, components, versions, commits (key /)") }, t("Find"));
      way.setAttribute("aria-keyshortcuts", "/");
      bar.querySelector(".md-search, label[for=__search]")?.before(way);
      if (!way.isConnected) bar.append(way);
    }
    const box = document.querySelector(".md-search__input");
    const output = document.querySelector(".md-search-result");
    if (!box || !output) return;
    const onward = element("a", { className: "find-onward", href: findPage });
    const update = () => {
      const words = box.value.trim();
      onward.href = words ? `${findPage}#q=${encodeURIComponent(words)}` : findPage;
      onward.textContent = words
        ? t("Find “{words}” among all releases, components, versions and commits", { words })
        : t("Find releases, components, versions and commits");
    };
    box.addEventListener("input", update);
    update();
    output.before(onward);
  };

  home.append(said);
  makeCopies(document);
  if (findPage) leadToFind();

  // What is wider than its place is scrolled by the arrows, so Tab has to come there; a window may change its size.
  const reach = (place) => {
    if (place.scrollWidth > place.clientWidth) place.tabIndex = 0;
    else place.removeAttribute("tabindex");
  };
  const sizes = new ResizeObserver((changed) => changed.forEach(({ target }) => reach(target)));
  for (const place of document.querySelectorAll(".sheet, .plot, figure.picture, pre.example")) {
    reach(place);
    sizes.observe(place);
  }
})();
