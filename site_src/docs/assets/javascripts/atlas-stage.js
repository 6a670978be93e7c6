/* The window onto an explored topology: moved by dragging and by arrow keys, zoomed by buttons, keys and the wheel with
   Ctrl (a wheel alone goes on scrolling the page). */
globalThis.assayAtlas ??= {};
globalThis.assayAtlas.stage = (() => {
  "use strict";

  const LEAST = 0.05;
  const MOST = 3;
  const READABLE = 0.62;
  const STEP = 1.25;
  const MOVE = 60;
  const CLICK = 4;
  const ROOM = 18;
  const LOWEST = 300;

  const make = (svg, world) => {
    let [x, y, scale] = [0, 0, 1];
    let size = { width: 1, height: 1 };
    // Whether all of it is in sight because it was fitted, and was not moved since.
    let fitted = false;

    const apply = () => {
      fitted = false;
      world.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
    };
    const frame = () => svg.getBoundingClientRect();
    const zoom = (factor, at) => {
      const { left, top, width, height } = frame();
      const point = at ? { x: at.x - left, y: at.y - top } : { x: width / 2, y: height / 2 };
      const next = Math.min(MOST, Math.max(LEAST, scale * factor));
      x = point.x - ((point.x - x) * next) / scale;
      y = point.y - ((point.y - y) * next) / scale;
      scale = next;
      apply();
    };
    const move = (byX, byY) => { x += byX; y += byY; apply(); };
    const fit = () => {
      const { width, height } = frame();
      scale = Math.min(MOST, 1.15, (width - 2 * ROOM) / size.width, (height - 2 * ROOM) / size.height);
      scale = Math.max(LEAST, scale);
      x = (width - size.width * scale) / 2;
      y = (height - size.height * scale) / 2;
      apply();
      fitted = true;
    };
    /* Fit again what was fitted, when the window got another size. */
    const refit = () => { if (fitted) fit(); };
    /* Show a place in the middle, at a size that can be read. */
    const centre = (place) => {
      const { width, height } = frame();
      scale = Math.max(scale, READABLE);
      x = width / 2 - (place.x + place.width / 2) * scale;
      y = height / 2 - (place.y + place.height / 2) * scale;
      apply();
    };
    /* Bring a place into sight, and leave all where it is when it is there already. */
    const reveal = (place) => {
      const { width, height } = frame();
      const [left, top] = [place.x * scale + x, place.y * scale + y];
      const [right, bottom] = [left + place.width * scale, top + place.height * scale];
      if (left < 0 || top < 0 || right > width || bottom > height) centre(place);
    };
    /* The same, at a size that can be read. */
    const show = (place) => { if (scale < READABLE) centre(place); else reveal(place); };
    /* Let the place that was at `before` stay where it is on the screen, now that it is at `after`. */
    const hold = (before, after) => move((before.x - after.x) * scale, (before.y - after.y) * scale);

    /* All of it where that can be read, else a readable part: around `first`, or from its beginning. */
    const begin = (whole, first) => {
      size = whole;
      // No higher than what there is to see; a style of its own where the whole window is to be filled has its say.
      const across = Math.min(1.15, (frame().width - 2 * ROOM) / size.width);
      svg.style.maxHeight = `${Math.max(LOWEST, size.height * Math.max(across, READABLE) + 2 * ROOM)}px`;
      fit();
      if (scale >= READABLE) return;
      scale = READABLE;
      if (first) { centre(first); return; }
      const { width, height } = frame();
      x = size.width * scale < width ? (width - size.width * scale) / 2 : ROOM;
      y = size.height * scale < height ? (height - size.height * scale) / 2 : ROOM;
      apply();
    };

    let held = null;
    let dragged = false;
    svg.addEventListener("pointerdown", (event) => {
      dragged = false;
      if (event.button === 0) held = { id: event.pointerId, x: event.clientX, y: event.clientY };
    });
    svg.addEventListener("pointermove", (event) => {
      if (!held || held.id !== event.pointerId) return;
      const [byX, byY] = [event.clientX - held.x, event.clientY - held.y];
      if (!dragged && Math.hypot(byX, byY) < CLICK) return;
      if (!dragged) { svg.setPointerCapture(event.pointerId); svg.classList.add("dragging"); }
      dragged = true;
      held = { ...held, x: event.clientX, y: event.clientY };
      move(byX, byY);
    });
    const release = () => { held = null; svg.classList.remove("dragging"); };
    svg.addEventListener("pointerup", release);
    svg.addEventListener("pointercancel", release);
    // The click that ends a drag is none.
    svg.addEventListener("click", (event) => { if (dragged) event.stopPropagation(); dragged = false; }, true);
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 300), { x: event.clientX, y: event.clientY });
    }, { passive: false });

    const KEYS = {
      "+": () => zoom(STEP), "=": () => zoom(STEP), "-": () => zoom(1 / STEP), 0: fit,
    };
    const MOVES = {
      ArrowLeft: () => move(MOVE, 0), ArrowRight: () => move(-MOVE, 0),
      ArrowUp: () => move(0, MOVE), ArrowDown: () => move(0, -MOVE),
    };
    svg.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      // On a part the arrows lead to other parts; with Shift, or on the picture itself, they move the picture.
      const moves = event.target === svg || event.shiftKey;
      const act = KEYS[event.key] ?? (moves ? MOVES[event.key] : undefined);
      if (!act) return;
      event.preventDefault();
      act();
    });

    return { begin, fit, hold, resize: (whole) => { size = whole; }, refit, reveal, show, zoomIn: () => zoom(STEP),
      zoomOut: () => zoom(1 / STEP) };
  };

  return { make };
})();
