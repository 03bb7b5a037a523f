import { join } from 'node:path'
import express, { Router } from 'express'

/** The page of the API. Its parts come from the build output, since the page may load nothing from elsewhere. */
const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Flotilla API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`

const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null, persistAuthorization: false })
`

export function docs(outDir: string): Router {
  const router = Router()
  router.get('/docs', (_request, response) => {
    response.type('html').send(page)
  })
  router.get('/docs/start.js', (_request, response) => {
    response.type('text/javascript').send(start)
  })
  router.use('/docs', express.static(join(outDir, 'docs'), { index: false, redirect: false }))
  return router
}
