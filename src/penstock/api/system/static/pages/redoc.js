Redoc.init("/openapi.json", {expandResponses: "200,201", pathInMiddlePanel: true}, document.getElementById("page"));
