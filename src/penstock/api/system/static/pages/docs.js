SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#page", deepLinking: true, validatorUrl: null, docExpansion: "none",
  displayRequestDuration: true, filter: true
});
