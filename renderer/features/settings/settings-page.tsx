import { type ComponentType, useEffect, useRef } from 'react'
import { Link } from 'wouter'
import { classOf } from '../../ui/button.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Bar, Title } from '../../ui/page.tsx'
import { AboutSettings } from './about-settings.tsx'
import { AccessSettings } from './access/access-settings.tsx'
import { DataSettings } from './data-settings.tsx'
import { EngineSettings } from './engines/engine-settings.tsx'
import { GeneralSettings } from './general-settings.tsx'
import { KeyboardSettings } from './keyboard-settings.tsx'
import { NotificationSettings } from './notification-settings.tsx'
import { PeopleSettings } from './people/people-settings.tsx'
import { RuntimeSettings } from './runtime-settings.tsx'
import styles from './settings.module.css'

interface Section {
  id: string
  title: string
  Page: ComponentType
  /** A table, which takes the room that there is. */
  wide?: boolean
}

const sections: readonly Section[] = [
  { id: 'general', title: 'General', Page: GeneralSettings },
  { id: 'runtimes', title: 'Runtimes', Page: RuntimeSettings },
  { id: 'engines', title: 'Engines', Page: EngineSettings, wide: true },
  { id: 'notifications', title: 'Notifications', Page: NotificationSettings },
  { id: 'people', title: 'People', Page: PeopleSettings, wide: true },
  { id: 'access', title: 'Access', Page: AccessSettings },
  { id: 'data', title: 'Data and backup', Page: DataSettings },
  { id: 'keyboard', title: 'Keyboard', Page: KeyboardSettings },
  { id: 'about', title: 'About', Page: AboutSettings }
]

export function SettingsPage({ id = 'general' }: { id?: string }) {
  const section = sections.find(one => one.id === id)
  const nav = useRef<HTMLElement>(null)
  useEffect(() => {
    document.title = 'Settings · Flotilla'
  }, [])
  // Where they stand in one line, that of now may lie beyond its end.
  useEffect(() => {
    const links = Array.from(nav.current?.children ?? [])
    const current = links.find(link => link.getAttribute('href') === `/settings/${id}`)
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [id])
  return (
    <>
      <Bar>
        <Title>Settings</Title>
      </Bar>
      <div className={styles.columns}>
        <nav ref={nav} className={styles.sections} aria-label="Settings">
          {sections.map(one => (
            <Link key={one.id} href={`/settings/${one.id}`} aria-current={one === section ? 'page' : undefined}>
              {one.title}
            </Link>
          ))}
        </nav>
        <div className={styles.page} data-wide={section?.wide}>
          {section ? (
            <section aria-label={section.title}>
              <section.Page />
            </section>
          ) : (
            <Empty
              title="There are no such settings"
              action={
                <Link href="/settings" className={classOf()}>
                  General settings
                </Link>
              }
            />
          )}
        </div>
      </div>
    </>
  )
}
