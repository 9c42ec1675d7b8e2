// New rejections while a page is open. Everything works without this script; it only tells that there is something new, and changes nothing else.
(() => {
  "use strict";
  const plek = document.getElementById("live");
  if (!plek || !("EventSource" in window)) return;
  const getal = plek.querySelector(".live__aantal");
  const melding = plek.querySelector(".live__melding");
  let bron = null;
  let aantal = 0;

  const toon = (gebeurtenis) => {
    const nieuw = Number.parseInt(gebeurtenis.data, 10);
    if (!Number.isFinite(nieuw) || nieuw === aantal) return;
    aantal = nieuw;
    getal.textContent = nieuw.toLocaleString(document.documentElement.lang);
    plek.querySelector(".live__een").hidden = nieuw !== 1;
    plek.querySelector(".live__meer").hidden = nieuw === 1;
    melding.hidden = nieuw === 0;
  };
  const sluit = () => {
    if (bron) bron.close();
    bron = null;
  };
  const open = () => {
    if (bron || document.hidden) return;
    bron = new EventSource(plek.dataset.bron);
    bron.addEventListener("afkeuringen", toon);
    bron.addEventListener("einde", sluit);
  };
  // A browser has few connections to one site: a window that nobody sees gives its own back.
  document.addEventListener("visibilitychange", () => (document.hidden ? sluit() : open()));
  window.addEventListener("pagehide", sluit);
  window.addEventListener("pageshow", open);
  open();
})();
