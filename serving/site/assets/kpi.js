/* The page of a KPI: which gemeente is highlighted. The table and the charts follow it, through impactKpi.kpi:

   gegevens            what the page embeds for its charts
   gebied(code)        one area of it
   regel(area)         its figure in a sentence
   gekozen()           code of the highlighted gemeente, or ""
   kies(code)          highlights another one
   bijKeuze(callback)  calls back with the code, now and at every change
   bijZicht(element, callback), bestand(callback): when an element comes into view; when the series have arrived
   vulKeuze(menu)      fills a select with the areas
   zonder(figure)      what to do when a figure cannot be drawn */
(function () {
  "use strict";

  var block = document.getElementById("kpi-gegevens");
  if (!block) {
    return;
  }
  var data = JSON.parse(block.textContent);
  var root = document.body.dataset.root || "";
  var byCode = {};
  var listeners = [];
  var chosen = "";

  data.gebieden.forEach(function (area) {
    byCode[area.code] = area;
  });

  function bestand(callback) {
    impactKpi.laad("data/" + data.bestand + ".js");
    impactKpi.wacht(data.bestand, callback);
  }

  function bijKeuze(callback) {
    listeners.push(callback);
    callback(chosen);
  }

  function bewaarAdres() {
    var address = new URL(location.href);
    if (chosen) {
      address.searchParams.set("g", chosen);
    } else {
      address.searchParams.delete("g");
    }
    try {
      history.replaceState(null, "", address);
    } catch (error) {
      return; // opened from disk: some browsers keep the address of a file as it is
    }
  }

  function volgLinks() {
    document.querySelectorAll("[data-houdt-gemeente]").forEach(function (link) {
      link.href = link.href.split("?")[0] + (chosen ? "?g=" + encodeURIComponent(chosen) : "");
    });
  }

  function kies(code) {
    chosen = byCode[code] ? code : "";
    select.value = chosen;
    bewaarAdres();
    volgLinks();
    listeners.forEach(function (callback) {
      callback(chosen);
    });
  }

  /* Calls back once, when an element comes into view. */
  function bijZicht(element, callback) {
    var observer = new IntersectionObserver(
      function (entries) {
        if (entries.some(function (entry) { return entry.isIntersecting; })) {
          observer.disconnect();
          callback();
        }
      },
      { rootMargin: "200px" }
    );
    observer.observe(element);
  }

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) {
      made.className = className;
    }
    made.textContent = text || "";
    return made;
  }

  function cijfer(area) {
    if (!area.tekst) {
      return "Geen cijfer: " + area.reden.charAt(0).toLowerCase() + area.reden.slice(1);
    }
    var beside = area.vergeleken ? " (" + area.vergeleken + ")" : "";
    var margin = area.interval ? "; 95 %-interval " + area.interval : "";
    var when = area.staat === "anders" ? "; " + area.periode + ", een andere periode" : " in " + area.periode;
    return area.tekst + beside + when + margin;
  }

  function regel(area) {
    return area.naam + ": " + cijfer(area);
  }

  function paneel(code) {
    var panel = document.getElementById("kpi-uitgelicht");
    panel.replaceChildren();
    var area = byCode[code];
    if (!area) {
      panel.append(element("p", "stil", "Kies een gemeente, hier of in de kaart: zij wordt dan uitgelicht in de kaart, " +
        "de stippen, de lijnen en de tabel."));
      return;
    }
    var head = element("p", "uitgelicht-kop");
    var link = element("a", "", area.naam);
    link.href = root + "gemeente/" + area.code + ".html";
    head.append(link, element("strong", "", cijfer(area)));
    panel.append(head);
    if (area.buurtekst) {
      panel.append(element("p", "", "Gemeenten die op " + area.naam + " lijken: " + area.buurtekst));
    }
    bestand(function (file) {
      if (chosen !== code || panel.querySelector("ul")) {
        return;
      }
      var list = element("ul");
      (file.zinnen[code] || []).forEach(function (sentence) {
        list.append(element("li", "", sentence.charAt(0).toUpperCase() + sentence.slice(1) + "."));
      });
      if (list.children.length) {
        panel.append(list);
      }
    });
  }

  /* For a promise that breaks: the words in place of the drawing. */
  function zonder(figure) {
    return function () {
      figure.replaceWith(element("p", "stil", "De grafiek kon niet worden getekend; de cijfers staan in de tabel."));
    };
  }

  function vulKeuze(menu) {
    data.gebieden.forEach(function (area) {
      var option = element("option", "", area.naam);
      option.value = area.code;
      menu.append(option);
    });
  }

  var select = document.getElementById("kpi-gemeente") || document.createElement("select");
  vulKeuze(select);
  select.addEventListener("change", function () {
    kies(select.value);
  });
  impactKpi.kpi = {
    gegevens: data,
    gebied: function (code) { return byCode[code]; },
    regel: regel,
    gekozen: function () { return chosen; },
    kies: kies,
    bijKeuze: bijKeuze,
    bijZicht: bijZicht,
    bestand: bestand,
    vulKeuze: vulKeuze,
    zonder: zonder
  };
  document.querySelectorAll(".alleen-script, #kpi-kies").forEach(function (hidden) {
    hidden.hidden = false;
  });
  if (document.getElementById("kpi-uitgelicht")) {
    bijKeuze(paneel);
  }
  kies(new URLSearchParams(location.search).get("g") || "");
})();
