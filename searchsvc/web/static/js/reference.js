// Swagger UI on the description of this service's own API.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#reference", validatorUrl: null, deepLinking: true, docExpansion: "list" });
