import { createRoot } from 'react-dom/client'
import './ui/base.css'
import './ui/tokens.css'
import { App } from './app.tsx'

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(<App />)
