/* What the matrix and the comparison share: pieces of pages, times in words, the list of all moments. */
(() => {
  "use strict";

  const t = (text, values = {}) => (globalThis.assayTexts?.[text] ?? text).replace(/\{(\w+)\}/g, (_, k) => values[k]);

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  };

  const number = (count) => count.toLocaleString(document.documentElement.lang || "en");

  // In the two units that a person would name, as the pages themselves say it.
  const span = (seconds) => {
    const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86400)];
    if (seconds < 60) return `${seconds} s`;
    if (hours < 1) return `${minutes} min`;
    if (hours < 10 && minutes % 60) return `${hours} h ${minutes % 60} min`;
    if (hours < 48) return `${hours} h`;
    return t("{number} days", { number: number(days) });
  };

  const between = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 1000);

  const WEEKDAYS = [t("Sun"), t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat")];

  const moment = (iso) => {
    if (!iso) return t("time unknown");
    return `${WEEKDAYS[new Date(iso).getUTCDay()]} ${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
  };

  const link = (root, deployment, text = deployment.id) => element("a", { href: root + deployment.page }, text);

  // Values of the address after #, as `a=b&c=d`; nothing of it is ever taken as markup.
  const address = () => new URLSearchParams(location.hash.slice(1));

  const settle = (values) => {
    const hash = Object.entries(values).filter(([, value]) => value)
      .map(([key, value]) => `${key}=${encodeURIComponent(value).replace(/%(3A|40|2F)/g, decodeURIComponent)}`).join("&");
    if (hash !== location.hash.slice(1)) history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  };

  const later = (act, pause = 90) => {
    let waiting;
    return () => { clearTimeout(waiting); waiting = setTimeout(act, pause); };
  };

  // The last of several things asked for wins, whatever order the answers come in.
  const latest = (act) => {
    let turn = 0;
    return async (...given) => {
      const mine = turn += 1;
      await act(() => mine === turn, ...given);
    };
  };

  const broken = (place, error) => {
    place.textContent = t("The data of the past could not be loaded: {reason}", { reason: error.message });
  };

  const STEP = 150;

  /* Rows of a table, so many at a time that a browser stays quick; a button after its sheet brings the next. */
  const stepwise = (items, make, body, sheet) => {
    const button = element("button", { type: "button", className: "past-more" });
    let shown = 0;
    const next = () => {
      body.append(...items.slice(shown, shown + STEP).map(make));
      shown = Math.min(items.length, shown + STEP);
      if (shown < items.length) {
        button.textContent = t("Show {number} of {left} more", { number: number(Math.min(STEP, items.length - shown)), left: number(items.length - shown) });
        sheet.append(button);
      } else button.remove();
    };
    button.addEventListener("click", next);
    next();
  };

  globalThis.assayPast = { t, element, number, span, between, moment, link, address, settle, later, latest, broken, stepwise };
})();
