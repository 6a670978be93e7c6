/* The help of a check opens where a link leads to it, and all of it at once where somebody reads or prints it all. */
(() => {
  "use strict";

  const t = (text) => globalThis.assayTexts?.[text] ?? text;
  const every = [...document.querySelectorAll("details.check")];
  if (!every.length) return;

  const openTarget = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = target?.closest("details.check");
    if (!folded) return;
    folded.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", openTarget);
  openTarget();

  const button = document.createElement("button");
  button.type = "button";
  button.className = "checks-open";
  const say = () => { button.textContent = every.every((one) => one.open) ? t("Close all") : t("Open all"); };
  button.addEventListener("click", () => {
    const open = !every.every((one) => one.open);
    for (const one of every) one.open = open;
    say();
  });
  for (const one of every) one.addEventListener("toggle", say);
  say();
  document.getElementById("help")?.after(button);
})();
