import { EventEmitter } from 'node:events'

interface ItemOptions {
  id?: string
  label?: string
  role?: string
  type?: string
  enabled?: boolean
  checked?: boolean
  click?: (item: MenuItem) => void
  submenu?: ItemOptions[]
}

class MenuItem {
  readonly id: string
  readonly label: string
  readonly type: string
  readonly enabled: boolean
  readonly submenu: Menu | undefined
  checked: boolean
  readonly #onClick: ItemOptions['click']

  constructor({ id, label, role, type, enabled = true, checked = false, click, submenu }: ItemOptions) {
    this.label = label ?? role ?? ''
    this.id = id ?? this.label
    this.type = submenu ? 'submenu' : (type ?? 'normal')
    this.enabled = enabled
    this.checked = checked
    this.submenu = submenu && Menu.buildFromTemplate(submenu)
    this.#onClick = click
  }

  click(): void {
    if (!this.enabled) return
    if (this.type === 'checkbox') this.checked = !this.checked
    if (this.type === 'radio') this.checked = true
    this.#onClick?.(this)
  }
}

export class Menu extends EventEmitter {
  static #application: Menu | null = null
  items: MenuItem[] = []

  static buildFromTemplate(template: ItemOptions[]): Menu {
    const menu = new Menu()
    menu.items = template.map(options => new MenuItem(options))
    return menu
  }
  static setApplicationMenu(menu: Menu | null): void {
    Menu.#application = menu
  }
  static getApplicationMenu(): Menu | null {
    return Menu.#application
  }
  popup(): void {}
  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
}
