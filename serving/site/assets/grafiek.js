/* Draws a chart of the site. The library and the charts are fetched when the first one is drawn.

   impactKpi.teken(element, specName, data, options) -> Promise of {zet, view}
     element   an empty block element; the drawing takes its width and follows it.
     specName  "kaart", "kaart_rond_nul", "punten" or "trend": a file of serving/site/charts.
     data      {datasetName: [row, ...]}, the named data of that chart.
     options   hoogte    height in pixels, or a function of the width; without it 320
               signalen  {name: value} of the chart's params
               pas       function (spec) that changes the compiled chart before it is drawn
               bij       function (row, event): the mouse is on a mark, or (null, event) when it left
               klik      function (row): a mark was clicked
     zet({signalen, data}) changes what is drawn.

   impactKpi.trendgegevens(reeksen) -> {punten, bruggen, namen} for the chart "trend"
     reeksen   [{naam, periodes: [{periode, jaar}], punten: [[waarde, tekst, laag, hoog, soort, open] or null]}]
               punten beside periodes; soort 0 goes on from the point before, 1 comes after a break, 2 after years in
               which nobody was measured, 3 after a figure that is missing (serving/site/joins.py); open 1 for a figure that is not final yet. The first is drawn in black.
     namen     [{naam, kleur, vorm}] for impactKpi.legenda(namen), which gives a list element with swatches; beside
               the shapes of marks it knows "lijn" and "stippellijn".

   A line is never drawn across a break; dots bridge years in which nobody was measured. */
(function () {
  "use strict";

  var LOCALE = { decimal: ",", thousands: ".", grouping: [3], currency: ["€ ", ""], minus: "\u2212" };
  var COLOURS = ["#1b1b1b", "#d6006c", "#0b5fa5", "#b54708", "#0b7a5b", "#7b3fb5"];
  var SHAPES = ["circle", "diamond", "square", "triangle-up", "triangle-down", "cross"];
  var SVG = "http://www.w3.org/2000/svg";

  function bibliotheek() {
    return new Promise(function (resolve, reject) {
      var missing = function () {
        reject(new Error("De grafiekbibliotheek is er niet."));
      };
      var parts = {};
      var found = function (name) {
        return function (value) {
          parts[name] = value;
          if (parts.specs && parts.embed) {
            resolve(parts);
          }
        };
      };
      impactKpi.laad("assets/grafieken.js", "grafieken", found("specs"), missing);
      impactKpi.laad("assets/vega.js", "vega", found("embed"), missing);
    });
  }

  function hoogteBij(options, width) {
    return typeof options.hoogte === "function" ? options.hoogte(width) : options.hoogte || 320;
  }

  function ingevuld(spec, data, options, width) {
    var copy = JSON.parse(JSON.stringify(spec));
    copy.width = width;
    copy.height = hoogteBij(options, width);
    copy.data.forEach(function (set) {
      if (!set.source) {
        set.values = data[set.name] || [];
      }
    });
    (copy.signals || []).forEach(function (signal) {
      if (options.signalen && signal.name in options.signalen) {
        signal.value = options.signalen[signal.name];
      }
    });
    if (options.pas) {
      options.pas(copy);
    }
    return copy;
  }

  function volgBreedte(element, view, options) {
    var drawn = element.clientWidth;
    new ResizeObserver(function () {
      var width = element.clientWidth;
      if (width && width !== drawn) {
        drawn = width;
        view.width(width).height(hoogteBij(options, width)).runAsync();
      }
    }).observe(element);
  }

  function luister(view, options) {
    if (options.bij) {
      view.addEventListener("mousemove", function (event, item) {
        options.bij(item && item.datum ? item.datum : null, event);
      });
      view.addEventListener("mouseout", function (event) {
        options.bij(null, event);
      });
    }
    if (options.klik) {
      view.addEventListener("click", function (event, item) {
        if (item && item.datum) {
          options.klik(item.datum);
        }
      });
    }
  }

  impactKpi.teken = function (element, specName, data, options) {
    options = options || {};
    return bibliotheek().then(function (parts) {
      var spec = ingevuld(parts.specs[specName], data, options, element.clientWidth);
      return parts
        .embed(element, spec, {
          mode: "vega",
          ast: true, // expressions are interpreted: the content policy allows no eval
          renderer: "svg",
          actions: false,
          defaultStyle: false,
          tooltip: false,
          hover: false,
          logLevel: 1, // an empty layer is no reason to warn
          formatLocale: LOCALE
        })
        .then(function (result) {
          var view = result.view;
          volgBreedte(element, view, options);
          luister(view, options);
          element.querySelector("svg").setAttribute("aria-hidden", "true"); // the page says it in words
          element.dataset.getekend = specName;
          return {
            view: view,
            zet: function (change) {
              Object.keys(change.signalen || {}).forEach(function (name) {
                view.signal(name, change.signalen[name]);
              });
              Object.keys(change.data || {}).forEach(function (name) {
                view.data(name, change.data[name]);
              });
              return view.runAsync();
            }
          };
        });
    });
  };

  function punt(reeks, index, stuk, look) {
    var values = reeks.punten[index];
    var period = reeks.periodes[index];
    return {
      naam: reeks.naam,
      jaar: period.jaar,
      periode: period.periode,
      waarde: values[0],
      tekst: values[1],
      laag: values[2] === undefined ? null : values[2],
      hoog: values[3] === undefined ? null : values[3],
      open: values[5] === 1,
      stuk: stuk,
      kleur: look.kleur,
      vorm: look.vorm
    };
  }

  impactKpi.trendgegevens = function (reeksen) {
    var result = { punten: [], bruggen: [], namen: [] };
    reeksen.forEach(function (reeks, number) {
      var look = { naam: reeks.naam, kleur: COLOURS[number % COLOURS.length], vorm: SHAPES[number % SHAPES.length] };
      var part = 0;
      var previous = null;
      result.namen.push(look);
      reeks.punten.forEach(function (values, index) {
        if (!values || values[0] === null) {
          return;
        }
        var kind = values[4] || 0;
        part += kind ? 1 : 0;
        var here = punt(reeks, index, number + "." + part, look);
        if (kind === 2 && previous) {
          var bridge = number + ".brug." + part;
          result.bruggen.push(Object.assign({}, previous, { stuk: bridge }), Object.assign({}, here, { stuk: bridge }));
        }
        result.punten.push(here);
        previous = here;
      });
    });
    return result;
  };

  var PATHS = {
    circle: "M8 3a5 5 0 1 0 .01 0z",
    square: "M3.5 3.5h9v9h-9z",
    diamond: "M8 2l5 6l-5 6l-5-6z",
    "triangle-up": "M8 3l5.5 10h-11z",
    "triangle-down": "M8 13l5.5-10h-11z",
    cross: "M6 3h4v3h3v4h-3v3h-4v-3h-3v-4h3z",
    lijn: "M0 7h16v2h-16z",
    stippellijn: "M0 7h4v2h-4zM6 7h4v2h-4zM12 7h4v2h-4z"
  };

  impactKpi.legenda = function (namen) {
    var list = document.createElement("ul");
    list.className = "legenda";
    namen.forEach(function (look) {
      var item = document.createElement("li");
      var svg = document.createElementNS(SVG, "svg");
      var path = document.createElementNS(SVG, "path");
      svg.setAttribute("viewBox", "0 0 16 16");
      svg.setAttribute("width", "16");
      svg.setAttribute("height", "16");
      svg.setAttribute("aria-hidden", "true");
      path.setAttribute("d", PATHS[look.vorm]);
      path.setAttribute("fill", look.kleur);
      svg.appendChild(path);
      item.append(svg, look.naam);
      list.appendChild(item);
    });
    return list;
  };
})();
