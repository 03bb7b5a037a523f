import { type ComponentType, useEffect } from 'react'
import { Link } from 'wouter'
import { classOf } from '../../ui/button.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Bar, Title } from '../../ui/page.tsx'
import { DataSettings } from './data-settings.tsx'
import { GeneralSettings } from './general-settings.tsx'
import styles from './settings.module.css'

interface Section {
  id: string
  title: string
  Page: ComponentType
}

const sections: readonly Section[] = [
  { id: 'general', title: 'General', Page: GeneralSettings },
  { id: 'data', title: 'Data and backup', Page: DataSettings }
]

export function SettingsPage({ id = 'general' }: { id?: string }) {
  const section = sections.find(one => one.id === id)
  useEffect(() => {
    document.title = 'Settings · Flotilla'
  }, [])
  return (
    <>
      <Bar>
        <Title>Settings</Title>
      </Bar>
      <div className={styles.columns}>
        <nav className={styles.sections} aria-label="Settings">
          {sections.map(one => (
            <Link key={one.id} href={`/settings/${one.id}`} aria-current={one === section ? 'page' : undefined}>
              {one.title}
            </Link>
          ))}
        </nav>
        <div className={styles.page}>
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
