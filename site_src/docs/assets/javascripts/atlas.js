/* The topology as a picture to explore. This script only offers it: what draws it, and the past that it is drawn from,
   come from this site's own folder when a reader presses "Explore", or when the address asks for a state:
     #at=ID       the topology after this deployment, in place of the one that the page is about
     #diff=ID     what differs from the topology after an earlier deployment; `before` is the one right before
     #part=NAME   with the panel of a component open
   The page has the picture and all tables without it. */
(() => {
  "use strict";

  const t = (text, values = {}) => (globalThis.assayTexts?.[text] ?? text).replace(/\{(\w+)\}/g, (_, k) => values[k]);

  const ASSETS = new URL("../", document.currentScript.src);
  const SCRIPTS = [
    "vendor/dagre/dagre.min.js",
    "javascripts/atlas-model.js",
    "javascripts/atlas-drawing.js",
    "javascripts/atlas-layout.js",
    "javascripts/atlas-stage.js",
    "javascripts/atlas-choice.js",
    "javascripts/atlas-panel.js",
    "javascripts/atlas-view.js",
  ];

  const loadScript = (address) => new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: address });
    script.addEventListener("load", done);
    script.addEventListener("error", () => { script.remove(); failed(new Error(t("{source} could not be loaded", { source: address }))); });
    document.head.append(script);
  });

  let loading;
  const load = () => {
    const names = globalThis.assayHistory ? SCRIPTS : ["javascripts/history.js", ...SCRIPTS];
    // None runs before those named before it.
    loading ??= names.reduce((before, name) => before.then(() => loadScript(new URL(name, ASSETS).href)),
      Promise.resolve());
    loading.catch(() => { loading = undefined; });
    return loading;
  };

  const asked = () => {
    const parts = new URLSearchParams(location.hash.slice(1));
    const found = { at: parts.get("at") ?? "", diff: parts.get("diff") ?? "", part: parts.get("part") ?? "" };
    return Object.values(found).some(Boolean) || parts.has("explore") ? found : null;
  };

  const offer = (place) => {
    const still = place.parentElement.querySelector("figure.picture, p.note.no-picture");
    const button = Object.assign(document.createElement("button"), { type: "button", className: "press" });
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    let view = null;

    const say = (shown) => {
      button.textContent = shown ? t("Back to the still picture") : t("Explore this topology");
      button.setAttribute("aria-expanded", String(shown));
      if (still) still.classList.toggle("atlas-aside", shown);
    };
    const show = async (wanted) => {
      button.disabled = true;
      status.textContent = t("The picture is being drawn.");
      try {
        await load();
        view ??= await globalThis.assayAtlas.open(place, loadScript);
        say(true);
        await view.show(wanted);
        status.textContent = "";
      } catch (fault) {
        view?.hide();
        say(false);
        status.textContent = t("It can't be explored: {reason}. The tables below have everything.",
          { reason: fault.message });
      }
      button.disabled = false;
    };
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-expanded") !== "true") { show(asked() ?? { at: "", diff: "", part: "" }); return; }
      view.hide();
      say(false);
    });
    addEventListener("hashchange", () => {
      const wanted = asked();
      if (wanted && !view?.shows(wanted)) show(wanted);
    });
    const line = document.createElement("p");
    line.className = "atlas-offer";
    line.append(button, " ", status);
    place.before(line);
    say(false);
    const wanted = asked();
    if (wanted) show(wanted);
  };

  document.querySelectorAll("[data-atlas]").forEach(offer);
})();
