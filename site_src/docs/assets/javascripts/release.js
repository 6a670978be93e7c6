/* A release page gets what only a script can do: its bar copies the link to the page and prints it, and its topology can
   be explored with what the release changed. */
(() => {
  "use strict";

  document.querySelectorAll("[data-explore]").forEach((offer) => {
    offer.querySelectorAll("a").forEach((a) => { a.hash = a.dataset.state; });
    offer.hidden = false;
  });

  const bar = document.querySelector("[data-release-actions]");
  if (!bar) return;
  const { t, element, copied, link } = globalThis.assay;

  const copy = element("button", { type: "button" }, t("Copy link"));
  const said = element("span", { className: "unseen" });
  said.setAttribute("aria-live", "polite");
  let waiting;
  copy.addEventListener("click", async () => {
    const done = await copied(link(""));
    const text = done ? t("Link copied") : t("The browser did not let it be copied");
    copy.textContent = text;
    said.textContent = text;
    copy.classList.toggle("done", done);
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      copy.textContent = t("Copy link");
      said.textContent = "";
      copy.classList.remove("done");
    }, 2000);
  });

  const print = element("button", { type: "button" }, t("Print"));
  print.addEventListener("click", () => globalThis.print());

  bar.append(copy, print);
  bar.after(said);
})();
