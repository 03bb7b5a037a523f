// The page has the session of the browser: what is tried out here is done for real.
window.SwaggerUIBundle({
  url: new URL('../openapi.json', window.location.href).pathname,
  dom_id: '#api',
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null
})
